import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError, manualClock, newId, seconds } from '@gatecast/firmware-protocol';
import {
  commandContext,
  type Command,
  type CommandReport,
  type LearnedCard,
} from '@gatecast/firmware-protocol/messages';
import { newKeyPair, privateKeyOf, signText, type RawKeyPair } from '@gatecast/firmware-protocol/node';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CardLearning, KeyRefusal, RemoteOpening } from '../door/doorkeeper.ts';
import { createJournal } from '../journal/journal.ts';
import { Store } from '../store/store.ts';
import { TerminalFixture } from '../terminal.fixture.ts';
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
      identify: () => {},
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
    commands = new Commands({
      claim: fixture.claim(),
      clock,
      store,
      journal,
      door,
      log,
      report,
      tellCard: (card) => tellCard(card),
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

  it('opens nothing when forged, crossed, replayed from another session, late or broken', async () => {
    await deliver(commandOf(), newKeyPair('ed25519'));
    await deliver(commandOf(), fixture.doorAuthority, 'door-2');
    await deliver(commandOf({ terminal: newId('terminal') }));
    await deliver(commandOf({ session: 'b2xk' }));
    await commands.receive(Buffer.from('{"v":1'), session);
    await commands.receive(sign('not json'), session);
    const genuine = sign(JSON.stringify(commandOf()));
    await commands.receive(Buffer.from(genuine.toString().replace('cmd_', 'cmd_0')), session);
    expect(reports).toEqual([]);
    const late = commandOf();
    clock.advance(seconds(11));
    await deliver(late);
    expect(reports).toEqual(['RECEIVED', 'EXPIRED']);
    expect(opened).toEqual([]);
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

  it('is refused when its receipt cannot be kept', async () => {
    await store.stop();
    await deliver(commandOf());
    expect(opened).toEqual([]);
    expect(reports).toEqual(['REFUSED cannot-commit']);
  });
});
