import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { doorLink } from './serial-line.ts';

afterEach(() => vi.useRealTimers());

it('gives up a converter on the network that lost its power without a word', async () => {
  const silent = createServer((socket) => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { connect } = doorLink(`tcp://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  const link = await connect();
  const closed = new Promise<Error | undefined>((resolve) => link.onClose(resolve));
  link.onData(() => {});
  vi.useFakeTimers();
  link.write(Uint8Array.of(1));
  vi.advanceTimersByTime(15_000);
  expect(await closed).toMatchObject({ code: 'link-stale' });
  silent.close();
});
