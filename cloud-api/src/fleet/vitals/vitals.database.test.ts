import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seconds } from '@gatecast/firmware-protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores } from '../../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../../test-app.ts';
import { claimedTerminal, neighbourhood, testJournal, type TestTerminal } from '../../test-neighbourhood.ts';
import { healthOf } from '../health.fixture.ts';
import type { Vitals } from './contract.ts';

describeStores('broker and ingest', (its) => {
  let world: TestApp;
  let terminal: TestTerminal;
  let broker: Server;
  let messages = 0;
  beforeAll(async () => {
    broker = createServer((_, answer) => {
      answer.end(`gatecast_broker_connections 12
gatecast_broker_messages_total ${messages}
gatecast_broker_message_bytes_total 0
gatecast_broker_refusals_total{code="bad-token"} 3
`);
    });
    broker.listen(0, '127.0.0.1');
    await once(broker, 'listening');
    const url = `http://127.0.0.1:${(broker.address() as AddressInfo).port}/metrics`;
    world = await testApp({ store: its.store, env: { GATECAST_BROKER_METRICS_URL: url } });
    // A busy machine may take longer for a test than the figures wait between two looks of their own.
    world.app.vitals.stop();
    terminal = await claimedTerminal(world, await neighbourhood(world));
  });
  afterAll(async () => {
    await world.close();
    broker.close();
  });
  const look = async (): Promise<Vitals> =>
    (await world.call('GET', '/v1/fleet/vitals', { token: world.operator })).body;
  const sampled = async (): Promise<Vitals> => {
    world.clock.advance(seconds(10));
    await world.app.vitals.sample();
    return look();
  };

  it('tell what is stored a second, how late, and what waits', async () => {
    await sampled();
    const journal = testJournal(world, terminal, 'health');
    const body = journal({ kind: 'uplink', body: { online: true } }, { kind: 'uplink', body: { online: false } });
    world.clock.advance(seconds(2));
    const { id, token } = terminal;
    await world.call('POST', `/v1/terminals/${id}/journal`, { token, body });
    await world.call('PUT', `/v1/terminals/${id}/health`, { token, body: healthOf(id, world.clock.now()) });
    messages = 24;
    const { ingest, samples } = await sampled();
    expect(ingest).toMatchObject({ backlogRows: 3, backlogTerminals: 1, rows: { health: 2 } });
    expect(samples.at(-1)).toMatchObject({
      ingest: { rowsPerSecond: 2 / 12, lagMs: 2_000 },
      broker: { connections: 12, messagesPerSecond: 2 },
    });
    const { samples: more, program } = await sampled();
    expect(more.at(-1)?.ingest).toEqual({ rowsPerSecond: 0, lagMs: null });
    expect(program.name).toMatch(new RegExp(`.+:${process.pid}$`));
  });

  it('say which refusals there were, and plainly when the broker’s figures cannot be had', async () => {
    const known = await sampled();
    expect(known.broker).toMatchObject({ figures: 'known', refusals: [{ code: 'bad-token', count: 3 }] });
    broker.close();
    broker.closeAllConnections();
    const away = await sampled();
    expect(away.broker).toMatchObject({ figures: 'unreachable', refusals: [] });
    expect(away.samples.at(-1)?.broker).toBeNull();
  });
});

describeStores('a broker of which nobody said where its figures are', (its) => {
  it('is told as one', async () => {
    const world = await testApp({ store: its.store });
    const { body } = await world.call('GET', '/v1/fleet/vitals', { token: world.operator });
    expect(body.broker).toEqual({ connected: false, figures: 'unset', refusals: [] });
    await world.close();
  });
});
