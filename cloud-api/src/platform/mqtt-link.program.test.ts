import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Aedes } from 'aedes';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { testApp, type TestApp } from '../test-app.ts';
import { createMqttLink, type MqttLink } from './mqtt-link.ts';

let world: TestApp;
let link: MqttLink;
let heard: string[];
let port: number;
let away: (() => Promise<void>) | undefined;

/** A plain broker on the same port each time, as one that is started again. */
async function startBroker(): Promise<void> {
  const aedes = await Aedes.createBroker();
  aedes.on('publish', ({ topic, payload }, client) => {
    if (client) heard.push(`${topic} ${payload.toString()}`);
  });
  const server: Server = createServer(aedes.handle);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
  away = async () => {
    away = undefined;
    const closed = once(server, 'close');
    server.close();
    await new Promise<void>((resolve) => aedes.close(resolve));
    await closed;
  };
}

beforeEach(async () => {
  heard = [];
  port = 0;
  world = await testApp();
  await startBroker();
  const { tokens, log, metrics } = world.app.platform;
  link = createMqttLink({ brokerUrl: `mqtt://127.0.0.1:${port}`, tokens, log, metrics });
  link.start();
  await vi.waitFor(() => expect(link.connected).toBe(true));
});
afterEach(async () => {
  await link.stop();
  await away?.();
  await world.close();
});

it('what was hinted at while the broker was away is told when it is back, the newest on each topic about each thing', async () => {
  await link.hint('a', '1');
  await vi.waitFor(() => expect(heard).toEqual(['a 1']));
  await away?.();
  await vi.waitFor(() => expect(link.connected).toBe(false));
  await link.hint('a', '2');
  await link.hint('a', '3');
  await link.hint('a', 'stop x', 'x');
  await link.hint('b', '1');
  await startBroker();
  await vi.waitFor(() => expect(heard.toSorted()).toEqual(['a 1', 'a 3', 'a stop x', 'b 1']));
});

it('anything else is refused while the broker is away, and never sent late', async () => {
  await away?.();
  await vi.waitFor(() => expect(link.connected).toBe(false));
  expect(await link.publish('command', 'open', 1)).toBe(false);
  await startBroker();
  await vi.waitFor(() => expect(link.connected).toBe(true));
  expect(await link.publish('command', 'close', 1)).toBe(true);
  // The broker acknowledges before it passes on. What comes last shows that nothing else is still on its way.
  expect(await link.publish('command', 'last', 1)).toBe(true);
  await vi.waitFor(() => expect(heard).toContain('command last'));
  expect(heard).toEqual(['command close', 'command last']);
});
