import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError, manualClock, newId, seconds } from '@gatecast/firmware-protocol';
import {
  commandContext,
  type Command,
  type CommandReport,
  type LearnedCard,
  type SignedCommand,
} from '@gatecast/firmware-protocol/messages';
import { newKeyPair, privateKeyOf, signText, type RawKeyPair } from '@gatecast/firmware-protocol/node';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CardLearning, KeyRefusal, RemoteOpening } from '../door/doorkeeper.ts';
import type { Host } from '../host.ts';
import { createJournal } from '../journal/journal.ts';
import { Store } from '../store/store.ts';
import { TerminalFixture } from '../terminal.fixture.ts';
import { carryOut, type ActionParts } from './command-actions.ts';
import { Commands } from './commands.ts';

const session = 'c2Vzc2lvbg';

describe('a remote command', () => {
  const fixture = new TerminalFixture();
  const clock = manualClock();
  let dataDir: string;
  let store: Store;
  let commands: Commands;
  let opened: string[];
  let reports: string[];
  let deadlines: number[];
  let answer: RemoteOpening;
  let whileOpening: () => Promise<void>;
  let begun: string[];
  let keyRefusal: KeyRefusal | null;
  let learning: CardLearning;
  let told: LearnedCard[];
  let tellCard: (card: LearnedCard) => Promise<void>;
  let picture: () => Promise<Uint8Array>;
  let tone: (volumePercent: number) => Promise<void>;
  let host: Host;
  let brought: string[];
  let bringFile: () => Promise<void>;
  let resyncs: number;

  const begin = (what: string) => {
    if (keyRefusal === null) begun.push(what);
    return keyRefusal;
  };
  const open = async () => {
    store = new Store({ dataDir });
    await store.start();
    const journal = createJournal({ store, clock, clockQuality: () => 'synced', boot: 'boot' });
    const report = ({ state, reason }: CommandReport) => reports.push([state, reason].filter(Boolean).join(' '));
    const door = {
      identify: () => void begun.push('identify'),
      openRemotely: async (_order: unknown, id: string, notAfterMono: number) => {
        opened.push(id);
        deadlines.push(notAfterMono);
        await whileOpening();
        return answer;
      },
      pairReaders: (entrance: string) => begin(`pair ${entrance}`),
      rotateKeys: (entrance: string) => begin(`rotate ${entrance}`),
      learnCard: async () => learning,
    };
    const log = pino({ level: 'silent' });
    const actions: ActionParts = {
      door,
      screen: { capture: () => picture(), tone: (volumePercent) => tone(volumePercent) },
      logs: async (bytesMax) => Buffer.from(`${bytesMax}`),
      get host() {
        return host;
      },
      resync: () => void (resyncs += 1),
      tellCard: (card) => tellCard(card),
      async bringFile(id, kind, bytes) {
        await bringFile();
        brought.push(`${id} ${kind} ${new TextDecoder().decode(bytes)}`);
      },
    };
    commands = new Commands({
      claim: fixture.claim(),
      clock,
      store,
      journal,
      log,
      report,
      carryOut: (command) => carryOut(actions, command),
    });
  };
  const commandOf = (part: Partial<Command> = {}): Command => ({
    v: 1,
    id: newId('command'),
    terminal: fixture.terminal,
    session,
    notAfterMonoMs: clock.mono() + 10_000,
    action: { kind: 'open', entrance: fixture.entrance, by: 'property' },
    ...part,
  });
  const sign = (payload: string, key: RawKeyPair = fixture.doorAuthority, kid = 'door-1') => {
    const value = signText(privateKeyOf('ed25519', key.privateKey), commandContext, payload);
    return Buffer.from(JSON.stringify({ v: 1, payload, signature: { kid, value } }));
  };
  const deliver = (command: Command, key?: RawKeyPair, kid?: string) =>
    commands.receive(sign(JSON.stringify(command), key, kid), session);

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'gatecast-commands-'));
    [opened, reports, deadlines, begun] = [[], [], [], []];
    keyRefusal = null;
    learning = { learned: true, card: { epoch: 7, tag: 'A'.repeat(43), format: 'w26', last4: '5678' } };
    told = [];
    tellCard = async (card) => void told.push(card);
    picture = async () => Buffer.from('jpeg');
    tone = async () => {};
    host = { restart: () => void begun.push('restart'), reboot: async () => void begun.push('reboot') };
    [brought, resyncs] = [[], 0];
    bringFile = async () => {};
    whileOpening = async () => {};
    answer = { opened: true, row: { stream: 'door', kind: 'opened', body: {} } };
    await open();
    await store.saveClaim(fixture.claim());
  });
  afterEach(async () => {
    await store.stop();
    rmSync(dataDir, { recursive: true });
  });

  it('opens the door once, however often the broker delivers it', async () => {
    const command = commandOf();
    await Promise.all([deliver(command), deliver(command)]);
    await deliver(command);
    expect(opened).toEqual([command.id]);
    expect(reports.filter((state) => state === 'EXECUTED').length).toBeGreaterThanOrEqual(2);
    expect((await store.reached()).door.seq).toBe(3);
  });

  const every: readonly Command['action'][] = [
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
  /** So long a network may sit on a message. */
  const tenMinutes = seconds(600);
  /** Everything that a command can move. */
  const effects = () => [...opened, ...begun, ...told, ...brought, ...Array.from({ length: resyncs }, () => 're-sync')];

  it.each(every)(
    '$kind does nothing when forged, crossed, replayed from another session, late or broken',
    async (action) => {
      picture = async () => Promise.reject(new Error('the screen was asked'));
      tone = async () => Promise.reject(new Error('the screen was asked'));
      await deliver(commandOf({ action }), newKeyPair('ed25519'));
      await deliver(commandOf({ action }), fixture.doorAuthority, 'door-2');
      await deliver(commandOf({ action, terminal: newId('terminal') }));
      await deliver(commandOf({ action, session: 'b2xk' }));
      await commands.receive(Buffer.from('{"v":1'), session);
      await commands.receive(sign('not json'), session);
      const genuine = sign(JSON.stringify(commandOf({ action })));
      for (let bit = 0; bit < genuine.length * 8; bit += 1) {
        const flipped = Buffer.from(genuine);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        // The last character of the signature's base 64 holds bits that stand for nothing: the same bytes, the same signature.
        if (!isSameSigned(flipped, genuine)) await commands.receive(flipped, session);
      }
      expect([reports, effects()]).toEqual([[], []]);
      const late = commandOf({ action });
      clock.advance(seconds(11));
      await deliver(late);
      clock.advance(tenMinutes);
      await deliver(late);
      expect(reports).toEqual(['RECEIVED', 'EXPIRED', 'EXPIRED']);
      expect(effects()).toEqual([]);
    },
  );

  it.each(every)('$kind is done once, however often the broker brings it, now or held back', async (action) => {
    let pictures = 0;
    let tones = 0;
    picture = async () => Buffer.from(`${(pictures += 1)}`);
    tone = async () => void (tones += 1);
    const command = commandOf({ action });
    await Promise.all([deliver(command), deliver(command), deliver(command)]);
    clock.advance(tenMinutes);
    await deliver(command);
    expect(effects().length + tones).toBe(1);
    expect(pictures).toBe(action.kind === 'capture-screenshot' ? 1 : 0);
    expect(new Set(reports)).toEqual(new Set(['RECEIVED', 'EXECUTED']));
  });

  it('never opens late: the door hardware is told its deadline', async () => {
    const command = commandOf();
    await deliver(command);
    expect(deadlines).toEqual([command.notAfterMonoMs]);
  });

  it('that was carried out and could not be noted is not said to be refused', async () => {
    whileOpening = () => store.stop();
    await deliver(commandOf());
    expect(opened).toHaveLength(1);
    expect(reports).toEqual(['RECEIVED', 'UNKNOWN cannot-commit']);
  });

  it('says why the door stayed shut', async () => {
    answer = { opened: false, reason: 'door-offline' };
    await deliver(commandOf());
    expect(reports).toEqual(['RECEIVED', 'REFUSED door-offline']);
  });

  it.each(['pair-readers', 'rotate-keys'] as const)(
    '%s is carried out once it has begun, and refused with its reason',
    async (kind) => {
      const action = { kind, entrance: fixture.entrance };
      await deliver(commandOf({ action }));
      keyRefusal = 'door-offline';
      await deliver(commandOf({ action }));
      expect(begun).toEqual([`${kind === 'pair-readers' ? 'pair' : 'rotate'} ${fixture.entrance}`]);
      expect(reports).toEqual(['RECEIVED', 'EXECUTED', 'RECEIVED', 'REFUSED door-offline']);
    },
  );

  it('to learn a card is carried out once the cloud has the card, and says why there is none', async () => {
    const learn = commandOf({ action: { kind: 'learn-card', entrance: fixture.entrance } });
    await deliver(learn);
    expect(told).toEqual([{ command: learn.id, epoch: 7, tag: 'A'.repeat(43), format: 'w26', last4: '5678' }]);
    learning = { learned: false, reason: 'no-card' };
    await deliver({ ...learn, id: newId('command') });
    learning = { learned: true, card: { epoch: 7, tag: 'A'.repeat(43), format: 'w26', last4: '5678' } };
    tellCard = async () => Promise.reject(new DomainError('cloud-unreachable', 'no answer'));
    await deliver({ ...learn, id: newId('command') });
    expect(reports.filter((report) => report !== 'RECEIVED')).toEqual([
      'EXECUTED',
      'REFUSED no-card',
      'REFUSED cloud-unreachable',
    ]);
  });

  it('a restart comes after its EXECUTED is on the disk and told, and not where nobody would start the program again', async () => {
    const restart = commandOf({ action: { kind: 'reboot', what: 'agent' } });
    host = { restart: () => void reports.push('restarting') };
    await deliver(restart);
    expect(reports).toEqual(['RECEIVED', 'EXECUTED', 'restarting']);
    await store.stop();
    await open();
    await commands.settleInterrupted();
    await deliver(restart);
    expect(reports.slice(3)).toEqual(['EXECUTED']);
    host = {};
    await deliver(commandOf({ action: { kind: 'reboot', what: 'agent' } }));
    expect(reports.at(-1)).toBe('REFUSED not-supervised');
  });

  it('a machine that may not or will not restart says so', async () => {
    host = {};
    await deliver(commandOf({ action: { kind: 'reboot', what: 'machine' } }));
    host = { reboot: () => Promise.reject(new DomainError('reboot-failed', '')) };
    await deliver(commandOf({ action: { kind: 'reboot', what: 'machine' } }));
    expect(reports.filter((report) => report !== 'RECEIVED')).toEqual([
      'REFUSED reboot-not-allowed',
      'REFUSED reboot-failed',
    ]);
  });

  it('what it is to bring is in the cloud before it is EXECUTED, and it says why there is nothing', async () => {
    const [shot, logs] = [
      commandOf({ action: { kind: 'capture-screenshot' } }),
      commandOf({ action: { kind: 'pull-logs', maxKb: 4 } }),
    ];
    await deliver(shot);
    await deliver(logs);
    expect(brought).toEqual([`${shot.id} capture-screenshot jpeg`, `${logs.id} pull-logs 4096`]);
    picture = async () => Promise.reject(new DomainError('no-screen', ''));
    await deliver({ ...shot, id: newId('command') });
    bringFile = async () => Promise.reject(new DomainError('cloud-unreachable', ''));
    await deliver({ ...logs, id: newId('command') });
    expect(reports.filter((report) => report !== 'RECEIVED')).toEqual([
      'EXECUTED',
      'EXECUTED',
      'REFUSED no-screen',
      'REFUSED cloud-unreachable',
    ]);
  });

  it('the speaker is tested at the volume that was asked for', async () => {
    const volumes: number[] = [];
    tone = async (volumePercent) => void volumes.push(volumePercent);
    await deliver(commandOf({ action: { kind: 'test-speaker', volumePercent: 35 } }));
    tone = async () => Promise.reject(new DomainError('sound-blocked', ''));
    await deliver(commandOf({ action: { kind: 'test-speaker', volumePercent: 35 } }));
    expect(volumes).toEqual([35]);
    expect(reports).toEqual(['RECEIVED', 'EXECUTED', 'RECEIVED', 'REFUSED sound-blocked']);
  });

  it('of a kind that this program does not know is refused, once it is known to be genuine', async () => {
    const unknown = { ...commandOf(), action: { kind: 'make-coffee' } };
    await commands.receive(sign(JSON.stringify(unknown)), session);
    await commands.receive(sign(JSON.stringify({ ...unknown, id: newId('command') }), newKeyPair('ed25519')), session);
    expect(reports).toEqual(['RECEIVED', 'REFUSED unsupported']);
    expect(effects()).toEqual([]);
  });

  it('is not carried out when the agent was cut off in between: its end is unknown', async () => {
    const command = commandOf();
    const row = {
      stream: 'door',
      kind: 'command',
      body: {},
      wallMs: 1,
      monoMs: 1,
      boot: 'boot',
      clock: 'synced',
    } as const;
    await store.receiveCommand({ id: command.id, row });
    await store.stop();
    await open();
    await commands.settleInterrupted();
    await deliver(command);
    expect(opened).toEqual([]);
    expect(reports).toEqual(['UNKNOWN interrupted', 'UNKNOWN interrupted']);
  });

  it('is refused when its receipt cannot be kept, and stays so when it comes again and the disk is well', async () => {
    await store.stop();
    const command = commandOf();
    await deliver(command);
    expect(reports).toEqual(['REFUSED cannot-commit']);
    await store.start();
    await deliver(command);
    expect(reports).toEqual(['REFUSED cannot-commit', 'REFUSED cannot-commit']);
    expect(opened).toEqual([]);
  });
});

/** Whether two messages carry the same text under the same bytes of a signature. */
function isSameSigned(a: Buffer, b: Buffer): boolean {
  const [one, other] = [a, b].map((bytes) => {
    try {
      const { v, payload, signature } = JSON.parse(bytes.toString()) as SignedCommand;
      return JSON.stringify([v, payload, signature.kid, Buffer.from(signature.value, 'base64url').toString('hex')]);
    } catch {
      return undefined;
    }
  });
  return one !== undefined && one === other;
}
