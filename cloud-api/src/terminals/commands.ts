import type { InstantMs } from '@gatecast/firmware-protocol';
import { commandFileTypes, topicsOf, type SignedCommand } from '@gatecast/firmware-protocol/messages';
import type { Account, As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { CommandKind, CommandRecord, ListedCommand, NewCommand } from './command-contract.ts';
import { createCommandFiles, type CommandFiles } from './command-files.ts';
import { insertCommand } from './command-orders.ts';
import { commandEnd } from './command-rules.ts';
import { endOverdue, step, takeReports } from './command-steps.ts';
import * as rows from './command-store.ts';
import type { PresenceBook } from './presence.ts';

export interface FoundCommand extends CommandRecord {
  /** The resident who asked for it, from a phone. */
  readonly residentId: string | null;
  readonly expiresAt: InstantMs;
}

/** What a reader was shown for a `learn-card` command, as the slice knows that keeps it. */
type CardOfCommand = (q: Reads, commandId: string) => Promise<CommandRecord['card']>;
/** What accounts are called, by their ids; residents have no name here. */
type NamesOfAccounts = (q: Reads, accountIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;

export interface Commands {
  /**
   * Rejects with `terminal-unclaimed`, `terminal-revoked` or `terminal-offline`: an opening that cannot happen now never happens; with
   * `too-many-commands` when the terminal was asked too often or too much waits for it.
   */
  send(who: Account, terminalId: string, order: NewCommand, call: Call): Promise<CommandRecord>;
  /** Opens for a resident, once `permit` has not rejected in the same transaction. The terminal refuses it in a lockdown. */
  openFor(
    who: As<'resident'>,
    terminalId: string,
    call: Call,
    permit: (q: Tx) => Promise<void>,
  ): Promise<CommandRecord>;
  /** Rejects with `not-found`. */
  find(id: string): Promise<FoundCommand>;
  /** Commands of a terminal, newest first. */
  list(terminalId: string, query: Paging & { readonly kind?: CommandKind | undefined }): Promise<Page<ListedCommand>>;
  readonly files: CommandFiles;
  /** How many openings the resident has asked for since. */
  askedBy(q: Reads, residentId: string, since: InstantMs): Promise<number>;
  /** Who of the residents asked for which of these commands of the terminal. */
  residentsOf(q: Reads, terminalId: string, commandIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  cardsFrom(source: CardOfCommand): void;
  namesFrom(source: NamesOfAccounts): void;
}

/** Signed orders to a terminal, bound to its session and to ten seconds of its own clock. */
export function createCommands(platform: Platform, presences: PresenceBook): Commands {
  const { store, clock, link } = platform;
  let cardOf: CardOfCommand | undefined;
  let namesOf: NamesOfAccounts = async () => new Map();

  takeReports(platform);
  endOverdue(platform);

  /** Only ever called by the process that made the command, right after its commit: what dies in between is never sent. */
  const transmit = async (id: string, terminalId: string, message: SignedCommand): Promise<void> => {
    const sentAt = clock.now();
    const sent = await link.publish(topicsOf(terminalId).command, JSON.stringify(message), 1);
    const end = sent
      ? ({ state: 'SENT', reason: null, at: sentAt } as const)
      : ({ state: 'EXPIRED', reason: 'broker-unreachable', at: clock.now() } as const);
    await store.tx((q) => step(q, platform, id, end));
  };
  const order = async (who: Account, terminalId: string, asked: NewCommand, call: Call, permit?: Permit) => {
    const { id } = await store.tx((q) =>
      once(q, clock, call, async () => {
        await permit?.(q);
        const made = await insertCommand(q, platform, presences, { who, terminalId, order: asked });
        q.afterCommit(() => transmit(made.id, terminalId, made.message));
        return { id: made.id };
      }),
    );
    return find(id);
  };
  const find = async (id: string): Promise<FoundCommand> => {
    const row = await rows.findCommand(store.read, id);
    if (!row) throw notFound('command');
    const [shown] = await show(store.read, [row]);
    if (!shown) throw notFound('command');
    return { ...shown, residentId: row.residentId, expiresAt: row.expiresAt };
  };
  const show = async (q: Reads, found: readonly rows.CommandRow[]): Promise<CommandRecord[]> => {
    const notes = await rows.fileNotes(
      q,
      found.map(({ id }) => id),
      clock.now(),
    );
    return Promise.all(
      found.map(async ({ id, terminalId, kind, options, state, reason, times }) => {
        const card = kind === 'learn-card' ? ((await cardOf?.(q, id)) ?? null) : null;
        return { id, terminalId, kind, options, state, reason, times, card, file: fileOf(notes.get(id)) };
      }),
    );
  };

  return {
    find,
    files: createCommandFiles(platform),
    send: (who, terminalId, asked, call) => order(who, terminalId, asked, call),
    openFor: (who, terminalId, call, permit) => order(who, terminalId, { kind: 'open' }, call, permit),
    async list(terminalId, { kind, ...paging }) {
      const q = store.read;
      const { items, nextCursor } = await rows.listCommands(q, { terminalId, kind }, paging);
      const names = await namesOf(q, [...new Set(items.map(({ actor }) => actor))]);
      const shown = await show(q, items);
      return { items: shown.map((record, index) => ({ ...record, ...askedBy(items[index], names) })), nextCursor };
    },
    askedBy: (q, residentId, since) => rows.countResidentCommands(q, residentId, commandEnd(since)),
    residentsOf: rows.residentsOfCommands,
    cardsFrom: (source) => void (cardOf = source),
    namesFrom: (source) => void (namesOf = source),
  };
}

type Permit = (q: Tx) => Promise<void>;

const fileOf = (note: rows.CommandFileNote | undefined): CommandRecord['file'] =>
  note ? { mediaType: commandFileTypes[note.kind], size: note.size, keptUntil: note.keptUntil } : null;

function askedBy(
  row: rows.CommandRow | undefined,
  names: ReadonlyMap<string, string>,
): Pick<ListedCommand, 'queuedAt' | 'by'> {
  const queuedAt = row?.queuedAt ?? 0;
  if (!row?.actorRole) return { queuedAt, by: null };
  return { queuedAt, by: { role: row.actorRole, name: names.get(row.actor) ?? null } };
}
