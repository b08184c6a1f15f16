import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, systemClock } from '@gatecast/firmware-protocol';
import {
  commandContext,
  commandReport,
  presence as presenceMessage,
  topicsOf,
  type ClaimResponse,
  type Command,
  type CommandReport,
  type Presence,
} from '@gatecast/firmware-protocol/messages';
import { newKeyPair, privateKeyOf, signText } from '@gatecast/firmware-protocol/node';
import { Aedes } from 'aedes';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Agent } from '../agent.ts';
import { doorLink } from '../door/serial-line.ts';
import { SimulatedDoor } from '../door/simulated-door.fixture.ts';
import { TerminalFixture } from '../terminal.fixture.ts';
import { CloudFixture } from './cloud.fixture.ts';

const soon = { timeout: 15_000, interval: 10 };
/** Of one message; each takes the terminal one check of a signature. */
const flippedBits = 64;

/** A broker in the hands of somebody else: it says what it likes to whomever it likes, and remembers all. */
class MaliciousBroker {
  readonly presences: Presence[] = [];
  readonly reports: CommandReport[] = [];
  readonly #sockets = new Set<Socket>();
  #aedes: Aedes | undefined;
  #server: Server | undefined;

  async start(terminal: string): Promise<string> {
    const aedes = await Aedes.createBroker();
    const { presence, commandState } = topicsOf(terminal);
    aedes.on('publish', ({ topic, payload }) => {
      if (topic === presence) this.presences.push(presenceMessage.parse(JSON.parse(payload.toString())));
      if (topic === commandState) this.reports.push(commandReport.parse(JSON.parse(payload.toString())));
    });
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      aedes.handle(socket);
    });
    this.#aedes = aedes;
    this.#server = server;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async say(topic: string, payload: Buffer): Promise<void> {
    const packet = { cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false } as const;
    await new Promise<void>((resolve, reject) => {
      this.#aedes?.publish(packet, (error) => (error ? reject(error) : resolve()));
    });
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

/** Its claim leads to the broker of the test. */
class LedAstray extends TerminalFixture {
  brokerUrl = '';

  override claim(): ClaimResponse {
    return super.claim(this.brokerUrl);
  }
}

describe('a terminal whose broker is in the hands of somebody else', () => {
  let fixture: LedAstray;
  let broker: MaliciousBroker;
  let cloud: CloudFixture;
  let door: SimulatedDoor;
  let agent: Agent;
  let dataDir: string;
  let restarts: string[];

  const present = (): Promise<Presence> =>
    vi.waitFor(() => {
      const newest = broker.presences.at(-1);
      if (!newest?.online || !newest.doorOnline) throw new Error('the terminal is not there');
      return newest;
    }, soon);
  const actions = (): readonly Command['action'][] => [
    { kind: 'open', entrance: fixture.entrance, by: 'property' },
    { kind: 'identify' },
    { kind: 'pair-readers', entrance: fixture.entrance },
    { kind: 'rotate-keys', entrance: fixture.entrance },
    { kind: 'learn-card', entrance: fixture.entrance },
    { kind: 'reboot', what: 'agent' },
    { kind: 'reboot', what: 'machine' },
    { kind: 'capture-screenshot' },
    { kind: 'pull-logs', maxKb: 4 },
    { kind: 'test-speaker', volumePercent: 40 },
    { kind: 're-sync' },
  ];
  const commandOf = (at: Presence, action: Command['action'], change: Partial<Command> = {}): Command => ({
    v: 1,
    id: newId('command'),
    terminal: fixture.terminal,
    session: at.session,
    notAfterMonoMs: at.monoMs + 60_000,
    action,
    ...change,
  });
  const signed = (command: Command, key = fixture.doorAuthority): Buffer => {
    const payload = JSON.stringify(command);
    const value = signText(privateKeyOf('ed25519', key.privateKey), commandContext, payload);
    return Buffer.from(JSON.stringify({ v: 1, payload, signature: { kid: 'door-1', value } }));
  };
  const say = (message: Buffer) => broker.say(topicsOf(fixture.terminal).command, message);
  /** A genuine command of which the end is known: everything that was said before it has been heard. */
  const allHeard = async (): Promise<void> => {
    const fence = commandOf(await present(), { kind: 'identify' });
    await say(signed(fence));
    await vi.waitFor(() => expect(endsOf(fence.id)).toContain('EXECUTED'), soon);
    fences.add(fence.id);
  };
  let fences: Set<string>;
  const endsOf = (id: string) => broker.reports.filter((report) => report.id === id).map(({ state }) => state);
  /** Everything that the terminal has said about commands but the fences. */
  const said = () => broker.reports.filter(({ id }) => !fences.has(id));
  const journalled = () =>
    cloud.rows.door.filter(({ kind, body }) => kind === 'command' && !fences.has(String(body['command'])));

  beforeEach(async () => {
    [fences, restarts] = [new Set(), []];
    fixture = new LedAstray();
    broker = new MaliciousBroker();
    fixture.brokerUrl = await broker.start(fixture.terminal);
    dataDir = mkdtempSync(join(tmpdir(), 'gatecast-astray-'));
    cloud = new CloudFixture(fixture);
    cloud.knows(await fixture.furnish(dataDir, []));
    await cloud.start();
    door = new SimulatedDoor();
    await door.start();
    agent = new Agent({
      dataDir,
      cloudUrl: cloud.url,
      doorLinks: { osdp: doorLink(door.link) },
      clock: systemClock,
      screen: { port: 0, frameAncestors: [], pageDir: dataDir },
      log: pino({ level: 'silent' }),
      host: {
        restart: () => void restarts.push('agent'),
        reboot: async () => void restarts.push('machine'),
      },
    });
    await agent.start();
  });
  afterEach(async () => {
    await agent.stop();
    await door.stop();
    await cloud.stop();
    await broker.stop();
    rmSync(dataDir, { recursive: true });
  });

  it('does nothing of what is forged, brought from elsewhere, said again in another session, late or changed in one bit', async () => {
    const at = await present();
    const [stranger, monoNow] = [newKeyPair('ed25519'), at.monoMs];
    const late: string[] = [];
    for (const action of actions()) {
      await say(signed(commandOf(at, action), stranger));
      await say(signed(commandOf(at, action, { terminal: newId('terminal') })));
      await say(signed(commandOf(at, action, { session: 'b2xk' })));
      const expired = commandOf(at, action, { notAfterMonoMs: Math.max(0, monoNow - 1) });
      late.push(expired.id);
      await say(signed(expired));
      const genuine = signed(commandOf(at, action));
      for (let n = 0; n < flippedBits; n += 1) {
        const flipped = Buffer.from(genuine);
        // Past the last four characters, of which the very last of the signature holds bits that stand for nothing.
        const bit = Math.floor((n / flippedBits) * (flipped.length - 5) * 8) + (n % 8);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        await say(flipped);
      }
    }
    await allHeard();
    expect(said().filter(({ id }) => !late.includes(id))).toEqual([]);
    for (const id of late) expect(endsOf(id)).toEqual(['RECEIVED', 'EXPIRED']);
    expect([restarts, (await door.state()).opens]).toEqual([[], 0]);
    await vi.waitFor(() => expect(journalled().map(({ body }) => body['state'])).toContain('EXPIRED'), soon);
    expect(new Set(journalled().map(({ body }) => body['state']))).toEqual(new Set(['RECEIVED', 'EXPIRED']));
  });

  it('opens once for a genuine command, said a hundred times, and no more after the line was cut', async () => {
    const message = signed(commandOf(await present(), { kind: 'open', entrance: fixture.entrance, by: 'property' }));
    for (let n = 0; n < 100; n += 1) await say(message);
    await allHeard();
    expect((await door.state()).opens).toBe(1);
    const { session } = await present();
    broker.cut();
    await vi.waitFor(async () => expect((await present()).session).not.toBe(session), soon);
    for (let n = 0; n < 100; n += 1) await say(message);
    await allHeard();
    expect((await door.state()).opens).toBe(1);
  });

  it('does nothing late that was held back, whatever it is', async () => {
    const at = await present();
    const held = actions().map((action) =>
      commandOf(at, action, { notAfterMonoMs: Math.ceil(systemClock.mono()) + 50 }),
    );
    const until = systemClock.mono() + 60;
    await vi.waitFor(() => expect(systemClock.mono()).toBeGreaterThan(until), soon);
    for (const command of held) await say(signed(command));
    await allHeard();
    for (const { id } of held) expect(endsOf(id)).toEqual(['RECEIVED', 'EXPIRED']);
    expect([restarts, (await door.state()).opens]).toEqual([[], 0]);
  });
});
