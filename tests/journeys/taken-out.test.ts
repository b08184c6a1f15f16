import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ApiError } from '@gatecast/cloud-api/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitUntil } from '../harness/wait-until.ts';
import { World } from '../harness/world.ts';

/*
 * A terminal is stolen, or sold, or nobody knows where it is: the operator takes it out of service. Measured through every program: the API, the cloud's
 * list of revocations, the broker that asks for it, the line, the will, and back to the cloud.
 */

/** From the operator's order to the end of the terminal's line. */
const kickedWithinMs = 5_000;

let world: World;

beforeAll(async () => {
  world = await World.open({ house: false });
});
afterAll(() => world?.close());

async function figure(name: string): Promise<number> {
  const port = Number(world.neighbourhood.broker.ready['httpPort']);
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`gatecast_broker_${name} `));
  return Number(line?.split(' ').at(-1) ?? 0);
}
const show = () => world.operator('GET /v1/terminals/:id', { params: { id: world.terminalId } });
const agentLog = () => readFileSync(join(dirname(world.doorFolder), 'agent', 'log'), 'utf8');

it('a terminal that is taken out is off the broker within five seconds, stays off, and its door opens as ever', async () => {
  const params = { id: world.terminalId };
  expect((await show()).online).toBe(true);
  const signIns = await figure('connects_total{kind="terminal"}');

  const orderedAt = performance.now();
  await world.operator('POST /v1/terminals/:id/revoke', { params });
  await waitUntil('the broker to end the line', async () => (await figure('refusals_total{code="revoked"}')) > 0, {
    everyMs: 20,
  });
  const kickedMs = performance.now() - orderedAt;
  await waitUntil('the cloud to hear of it', async () => !(await show()).online, { everyMs: 20 });
  console.info(
    `off the broker ${Math.round(kickedMs)} ms after the order, known to be ${Math.round(performance.now() - orderedAt)} ms after it`,
  );
  expect(kickedMs).toBeLessThanOrEqual(kickedWithinMs);

  await waitUntil('the terminal to be told why', () => agentLog().includes('terminal-revoked'), { withinMs: 60_000 });
  expect(await figure('connects_total{kind="terminal"}')).toBe(signIns);
  const body = { kind: 'open' as const };
  const refused = await world
    .manager('POST /v1/terminals/:id/commands', { params, body })
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ApiError);
  expect(refused).toMatchObject({ problem: { code: 'terminal-revoked' } });
  await world.open(world.keys);
});
