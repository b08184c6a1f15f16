import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { newId, systemClock } from '@gatecast/firmware-protocol';
import { presence, topicsOf, type Presence } from '@gatecast/firmware-protocol/messages';
import { Aedes } from 'aedes';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TerminalFixture } from '../terminal.fixture.ts';
import { Connection } from './connection.ts';

const soon = { timeout: 10_000, interval: 10 };

/** A broker whose subscriptions stand when the test says so, and what it was told. */
class SlowBroker {
  readonly told: Presence[] = [];
  /** Grants what is being asked for. */
  grant: (() => void) | undefined;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  async start(terminal: string): Promise<string> {
    const broker = await Aedes.createBroker();
    broker.authorizeSubscribe = (_client, subscription, done) => {
      const grantBefore = this.grant;
      this.grant = () => {
        grantBefore?.();
        done(null, subscription);
      };
    };
    const topic = topicsOf(terminal).presence;
    broker.on('publish', (packet) => {
      if (packet.topic === topic) this.told.push(presence.parse(JSON.parse(packet.payload.toString())));
    });
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      broker.handle(socket);
    });
    this.#server = server;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Grants until the terminal has said how it stands, after what it has said before. */
  async hear(): Promise<Presence> {
    const before = this.told.length;
    return vi.waitFor(() => {
      this.grant?.();
      this.grant = undefined;
      const told = this.told.slice(before).find(({ online }) => online);
      if (!told) throw new Error('the terminal has said nothing');
      return told;
    }, soon);
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  async stop(): Promise<void> {
    this.cut();
    const server = this.#server;
    if (server) await new Promise((resolve) => server.close(resolve));
  }
}

const fixture = new TerminalFixture();
const entrance = newId('entrance');
let broker: SlowBroker;
let connection: Connection;
let isOpen: boolean;

beforeEach(async () => {
  isOpen = false;
  broker = new SlowBroker();
  connection = new Connection({
    claim: fixture.claim(),
    signIn: { token: async () => 'token', forget: () => {}, brokerUrl: await broker.start(fixture.terminal) },
    clock: systemClock,
    log: pino({ level: 'silent' }),
    state: () => ({
      agentVersion: '1',
      applied: {},
      doorOnline: true,
      doors: [{ entrance, online: true, state: isOpen ? 'open' : 'closed', mode: 'normal', readers: [] }],
    }),
    onCommand: () => {},
    onHint: () => {},
    onOnline: () => {},
  });
  connection.start();
});
afterEach(async () => {
  await connection.stop();
  await broker.stop();
});

it('a terminal whose door moves while it connects invites no command before it can hear one', async () => {
  await vi.waitFor(() => expect(broker.grant).toBeDefined(), soon);
  connection.announce();
  const announcedMono = performance.now();
  await vi.waitFor(() => expect(performance.now() - announcedMono).toBeGreaterThan(1_200), soon);
  expect(broker.told).toEqual([]);
  expect(await broker.hear()).toMatchObject({ doors: [{ state: 'closed' }] });
});

it('what a door did while the line was down is told when it is back', async () => {
  await broker.hear();
  broker.cut();
  isOpen = true;
  connection.announce();
  expect(await broker.hear()).toMatchObject({ doors: [{ state: 'open' }] });
});

it('a door that moves a lot is told once a second at most, and how it stands in the end', async () => {
  await broker.hear();
  broker.told.length = 0;
  for (let n = 0; n < 50; n += 1) {
    isOpen = n % 2 === 0;
    connection.announce();
  }
  isOpen = true;
  await vi.waitFor(() => expect(broker.told.at(-1)?.doors[0]?.state).toBe('open'), soon);
  expect(broker.told.length).toBeLessThanOrEqual(2);
});

it('a broker that answers nothing does not keep the agent from ending', async () => {
  await vi.waitFor(() => expect(broker.grant).toBeDefined(), soon);
  const stoppedMono = performance.now();
  await connection.stop();
  expect(performance.now() - stoppedMono).toBeLessThan(5_000);
});
