import { randomUUID } from 'node:crypto';
import { ApiError } from '@gatecast/cloud-api/client';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitUntil } from '../harness/wait-until.ts';
import { FaultTown } from './fault-town.ts';

/** An order is good for ten seconds. */
const orderEveryMs = 10_000;
/** Half a minute of keepalive, half as much again without an answer, and the wait before a new try. */
const noticedWithinMs = 120_000;

let town: FaultTown;
beforeAll(async () => {
  town = await FaultTown.open();
});
afterAll(() => town?.close());

it('lines that go dead for ever without a word are noticed by the terminal, which is reached and heard over new ones', async () => {
  const opens = await town.opens();
  const rows = rowsInTheCloud();
  for (const wire of Object.values(town.wires)) wire.forget();
  await waitUntil(
    'the door to be opened from afar',
    async () => {
      await orderAnOpening();
      return (await town.opens()) > opens;
    },
    { withinMs: noticedWithinMs, everyMs: orderEveryMs },
  );
  await waitUntil('the cloud to have heard of it', async () => rowsInTheCloud() > rows, { withinMs: noticedWithinMs });
  // Of all the orders that were given meanwhile only two can still have been good.
  expect(await town.opens()).toBeLessThanOrEqual(opens + 2);
});

/** Refused while the terminal is known to be away, which is what happens here: the next order tries again. Any other refusal is a fault. */
async function orderAnOpening(): Promise<void> {
  try {
    await town.manager('POST /v1/terminals/:id/commands', {
      params: { id: town.terminalId },
      body: { kind: 'open' },
      idempotencyKey: randomUUID(),
    });
  } catch (error) {
    const isAway = error instanceof ApiError && error.problem.code === 'terminal-offline';
    if (!isAway) throw error;
  }
}

function rowsInTheCloud(): number {
  const stored = new Database(town.cloudDatabase, { readonly: true });
  const { n } = stored
    .prepare<[string], { n: number }>(
      `SELECT count(*) AS n FROM journal_rows WHERE stream = 'door' AND terminal_id = ?`,
    )
    .get(town.terminalId) ?? { n: 0 };
  stored.close();
  return n;
}
