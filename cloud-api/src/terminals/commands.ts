import { after, milliseconds, newId, seconds, type InstantMs } from '@gatecast/firmware-protocol';
import {
  canonicalJson,
  commandContext,
  commandReport,
  doorRows,
  learningWindowMs,
  topicsOf,
  type Command,
  type CommandState,
  type SignedCommand,
} from '@gatecast/firmware-protocol/messages';
import { actorOf, type Account, type As } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { CommandKind, CommandRecord } from './contract.ts';
import type { PresenceBook } from './presence.ts';
import { commandEnd, commandGraceMs, deadlineMono, statesBefore } from './rules.ts';
import * as rows from './store.ts';

const sweepMax = 500;

export interface FoundCommand extends CommandRecord {
  readonly terminalId: string;
  /** The resident who asked for it, from a phone. */
  readonly residentId: string | null;
  readonly expiresAt: InstantMs;
}

/** What a reader was shown for a `learn-card` command, as the slice knows that keeps it. */
type CardOfCommand = (q: Reads, commandId: string) => Promise<CommandRecord['card']>;

export interface Commands {
  /** Rejects with `terminal-unclaimed`, `terminal-revoked` or `terminal-offline`: an opening that cannot happen now never happens. */
  send(who: Account, terminalId: string, kind: CommandKind, call: Call): Promise<CommandRecord>;
  /** Opens for a resident, once `permit` has not rejected in the same transaction. The terminal refuses it in a lockdown. */
  openFor(
    who: As<'resident'>,
    terminalId: string,
    call: Call,
    permit: (q: Tx) => Promise<void>,
  ): Promise<CommandRecord>;
  /** Rejects with `not-found`. */
  find(id: string): Promise<FoundCommand>;
  /** How many openings the resident has asked for since. */
  askedBy(q: Reads, residentId: string, since: InstantMs): Promise<number>;
  /** Who of the residents asked for which of these commands of the terminal. */
  residentsOf(q: Reads, terminalId: string, commandIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  cardsFrom(source: CardOfCommand): void;
}

/** Signed orders to a terminal, bound to its session and to ten seconds of its own clock. */
export function createCommands(platform: Platform, presences: PresenceBook): Commands {
  const { store, clock, link } = platform;
  let cardOf: CardOfCommand | undefined;

  takeReports(platform);
  expireCommands(platform);

  const transmit = async (id: string, terminalId: string, message: SignedCommand): Promise<void> => {
    const sent = await link.publish(topicsOf(terminalId).command, JSON.stringify(message), 1);
    await store.tx((q) => move(q, platform, id, sent ? 'SENT' : 'EXPIRED', sent ? null : 'broker-unreachable'));
  };
  const find = async (id: string): Promise<FoundCommand> => {
    const row = await rows.findCommand(store.read, id);
    if (!row) throw notFound('command');
    const { terminalId, kind, state, reason, times, residentId, expiresAt } = row;
    const card = kind === 'learn-card' ? ((await cardOf?.(store.read, id)) ?? null) : null;
    return { id, terminalId, kind, state, reason, times, card, residentId, expiresAt };
  };
  const order = async (who: Account, terminalId: string, kind: CommandKind, call: Call, permit?: Permit) => {
    const { id } = await store.tx((q) =>
      once(q, clock, call, async () => {
        await permit?.(q);
        const made = await insertCommand(q, platform, presences, { who, terminalId, kind });
        q.afterCommit(() => transmit(made.id, terminalId, made.message));
        return { id: made.id };
      }),
    );
    return find(id);
  };

  return {
    find,
    send: (who, terminalId, kind, call) => order(who, terminalId, kind, call),
    openFor: (who, terminalId, call, permit) => order(who, terminalId, 'open', call, permit),
    askedBy: (q, residentId, since) => rows.countResidentCommands(q, residentId, commandEnd(since)),
    residentsOf: rows.residentsOfCommands,
    cardsFrom: (source) => void (cardOf = source),
  };
}

type Permit = (q: Tx) => Promise<void>;

async function insertCommand(
  q: Tx,
  { clock, signer, audit }: Platform,
  presences: PresenceBook,
  asked: { readonly who: Account; readonly terminalId: string; readonly kind: CommandKind },
): Promise<{ readonly id: string; readonly message: SignedCommand }> {
  const { who, terminalId, kind } = asked;
  const terminal = await commandable(q, terminalId);
  const now = clock.now();
  const { session, monoMs, lastSeenAt } = terminal.presence;
  const reading = presences.reading(terminalId, session) ?? { monoMs, ageMs: now - lastSeenAt };
  const residentId = who.role === 'resident' ? who.residentId : null;
  const command: Command = {
    v: 1,
    id: newId('command'),
    terminal: terminalId as Command['terminal'],
    session,
    notAfterMonoMs: deadlineMono(reading),
    action: actionOf(kind, terminal.entranceId, residentId === null ? 'property' : 'resident'),
  };
  const { id } = command;
  const payload = canonicalJson(command);
  const signature = await signer.sign(q, 'door-authority', terminal.companyId, commandContext, payload);
  await q.insert(q.t.commands).values({
    id,
    terminalId,
    kind,
    state: 'QUEUED',
    times: { QUEUED: now },
    actor: actorOf(who),
    residentId,
    expiresAt: kind === 'learn-card' ? after(commandEnd(now), milliseconds(learningWindowMs)) : commandEnd(now),
  });
  await audit(q, { who, action: `command.${kind}`, subject: terminalId, facts: { command: id } });
  return { id, message: { v: 1, payload, signature } };
}

function actionOf(kind: CommandKind, entrance: string, by: 'property' | 'resident'): Command['action'] {
  switch (kind) {
    case 'identify':
      return { kind };
    case 'open':
      return { kind, entrance, by };
    default:
      return { kind, entrance };
  }
}

/** Reports come by MQTT; the journal says the same again, should one have been lost with the broker. */
function takeReports(platform: Platform): void {
  const { store, link, journal, log } = platform;
  link.on('command-state', async (terminalId, payload) => {
    const report = commandReport.parse(payload);
    if (report.terminal !== terminalId) throw new TypeError('the message names another terminal than its topic');
    const command = await rows.findCommand(store.read, report.id);
    if (command?.terminalId !== terminalId) {
      return log.warn({ terminalId, code: 'unknown-command' }, 'report of no command of ours');
    }
    await store.tx((q) => move(q, platform, report.id, report.state, report.reason ?? null));
  });
  journal.on('door', async (q, { terminalId, rows: journalRows }) => {
    for (const row of journalRows) {
      if (row.kind !== 'command') continue;
      const body = doorRows.command.safeParse(row.body).data;
      if (!body || (await rows.findCommand(q, body.command))?.terminalId !== terminalId) continue;
      await move(q, platform, body.command, body.state, body.reason);
    }
  });
}

function expireCommands(platform: Platform): void {
  const { store, clock, jobs } = platform;
  jobs.handle('terminals.expire-commands', {
    everyMs: seconds(5),
    async run() {
      const before = (clock.now() - commandGraceMs) as InstantMs;
      const overdue = await rows.overdueCommands(store.read, before, sweepMax);
      if (overdue.length === 0) return;
      await store.tx(async (q) => {
        for (const id of overdue) await move(q, platform, id, 'EXPIRED', 'no-answer');
      });
    },
  });
}

/** One step of a command's life, told to live pages; nothing happens if the step is not in the table. */
async function move(q: Tx, platform: Platform, id: string, to: CommandState, reason: string | null): Promise<void> {
  const moved = await rows.moveCommand(q, id, statesBefore(to), to, platform.clock.now(), reason);
  if (moved) await announce(q, platform, moved);
}

/** A terminal that can carry out a command now. */
async function commandable(q: Tx, terminalId: string) {
  const terminal = await rows.findTerminal(q, { id: terminalId });
  if (!terminal) throw notFound('terminal');
  if (terminal.status === 'unclaimed') throw refusal('terminal-unclaimed', 'this terminal has not been claimed yet');
  if (terminal.status === 'revoked') throw refusal('terminal-revoked', 'this terminal was revoked');
  const [presence] = await rows.presencesOf(q, [terminalId]);
  if (!presence?.online) throw refusal('terminal-offline', 'this terminal is offline');
  return { ...terminal, presence };
}

async function announce(q: Tx, { events }: Platform, command: rows.CommandRow): Promise<void> {
  const terminal = await rows.findTerminal(q, { id: command.terminalId });
  if (!terminal) return;
  await events.emit(q, {
    type: 'command',
    subject: command.id,
    facts: { terminalId: command.terminalId, kind: command.kind, state: command.state, reason: command.reason },
    companyId: terminal.companyId,
    communityId: terminal.communityId,
    ...(command.residentId !== null && { residentId: command.residentId }),
  });
}
