import { newId, seconds, type InstantMs } from '@gatecast/firmware-protocol';
import {
  canonicalJson,
  commandContext,
  commandReport,
  doorRows,
  topicsOf,
  type Command,
  type CommandState,
  type SignedCommand,
} from '@gatecast/firmware-protocol/messages';
import { actorOf, type Account } from '../platform/auth.ts';
import type { Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { CommandKind, CommandRecord } from './contract.ts';
import type { PresenceBook } from './presence.ts';
import { commandEnd, commandGraceMs, deadlineMono, statesBefore } from './rules.ts';
import * as rows from './store.ts';

const sweepMax = 500;

export interface Commands {
  /** Rejects with `terminal-unclaimed`, `terminal-revoked` or `terminal-offline`: an opening that cannot happen now never happens. */
  send(who: Account, terminalId: string, kind: CommandKind, call: Call): Promise<CommandRecord>;
  find(id: string): Promise<CommandRecord & { readonly terminalId: string }>;
}

/** Signed orders to a terminal, bound to its session and to ten seconds of its own clock. */
export function createCommands(platform: Platform, presences: PresenceBook): Commands {
  const { store, clock, signer, link, audit } = platform;

  takeReports(platform);
  expireCommands(platform);

  const transmit = async (id: string, terminalId: string, message: SignedCommand): Promise<void> => {
    const sent = await link.publish(topicsOf(terminalId).command, JSON.stringify(message), 1);
    await store.tx((q) => move(q, platform, id, sent ? 'SENT' : 'EXPIRED', sent ? null : 'broker-unreachable'));
  };

  const find = async (id: string) => {
    const row = await rows.findCommand(store.read, id);
    if (!row) throw notFound('command');
    const { terminalId, kind, state, reason, times } = row;
    return { id, terminalId, kind, state, reason, times, card: null };
  };

  return {
    find,
    async send(who, terminalId, kind, call) {
      const { id } = await store.tx((q) =>
        once(q, clock, call, async () => {
          const terminal = await commandable(q, terminalId);
          const now = clock.now();
          const { session, monoMs, lastSeenAt } = terminal.presence;
          const reading = presences.reading(terminalId, session) ?? { monoMs, ageMs: now - lastSeenAt };
          const command: Command = {
            v: 1,
            id: newId('command'),
            terminal: terminalId as Command['terminal'],
            session,
            notAfterMonoMs: deadlineMono(reading),
            action: kind === 'identify' ? { kind } : { kind, entrance: terminal.entranceId },
          };
          const payload = canonicalJson(command);
          const signature = await signer.sign(q, 'door-authority', terminal.companyId, commandContext, payload);
          await q.insert(q.t.commands).values({
            id: command.id,
            terminalId,
            kind,
            state: 'QUEUED',
            times: { QUEUED: now },
            actor: actorOf(who),
            expiresAt: commandEnd(now),
          });
          await audit(q, { who, action: `command.${kind}`, subject: terminalId, facts: { command: command.id } });
          q.afterCommit(() => transmit(command.id, terminalId, { v: 1, payload, signature }));
          return { id: command.id };
        }),
      );
      return find(id);
    },
  };
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
  });
}
