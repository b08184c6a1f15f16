import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { freePort } from '../harness/free-port.ts';

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function occupy(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
}

it('a taken port moves on, and never to one that a neighbour of it has chosen', async () => {
  const base = await freePort(24_000);
  const before = [await freePort(base), await freePort(base + 1), await freePort(base + 2)];
  await occupy(base);
  await occupy(base + 1);
  const after = [await freePort(base), await freePort(base + 1), await freePort(base + 2)];
  expect(new Set(after).size).toBe(3);
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).not.toBe(before[1]);
  expect(after[2]).toBe(before[2]);
});
