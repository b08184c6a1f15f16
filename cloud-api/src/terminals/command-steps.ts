import { instant, minutes, seconds, type InstantMs } from '@gatecast/firmware-protocol';
import { commandReport, doorRows, type CommandState } from '@gatecast/firmware-protocol/messages';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { commandGraceMs, commandsKeptMs, receivedGraceMs } from './command-rules.ts';
import * as commands from './command-store.ts';
import { findTerminal } from './store.ts';

const sweepMax = 500;
const forgetMax = 5_000;

interface Step {
  readonly state: CommandState;
  readonly reason: string | null;
  readonly at: InstantMs;
}

/** One step of a command's life, told to live pages; nothing happens if it says nothing new. */
export async function step(q: Tx, platform: Platform, id: string, to: Step): Promise<void> {
  const moved = await commands.stepCommand(q, id, to);
  if (moved) await announce(q, platform, moved);
}

/** Something about a command is new for whoever watches it. */
export async function announce(
  q: Tx,
  { events }: Pick<Platform, 'events'>,
  command: commands.CommandRow,
): Promise<void> {
  const terminal = await findTerminal(q, { id: command.terminalId });
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

/** Reports come by MQTT; the journal says the same again, should one have been lost with the broker. */
export function takeReports(platform: Platform): void {
  const { store, link, journal, log, clock } = platform;
  link.on('command-state', async (terminalId, payload) => {
    const report = commandReport.parse(payload);
    if (report.terminal !== terminalId) throw new TypeError('the message names another terminal than its topic');
    const command = await commands.findCommand(store.read, report.id);
    if (command?.terminalId !== terminalId) {
      return log.warn({ terminalId, code: 'unknown-command' }, 'report of no command of ours');
    }
    const { id, state, reason = null } = report;
    await store.tx((q) => step(q, platform, id, { state, reason, at: clock.now() }));
  });
  journal.on('door', async (q, { terminalId, rows }) => {
    for (const row of rows) {
      if (row.kind !== 'command') continue;
      const body = doorRows.command.safeParse(row.body).data;
      const command = body && (await commands.findCommand(q, body.command));
      if (!body || command?.terminalId !== terminalId) continue;
      const at = toldAt(row, command, clock.now());
      await step(q, platform, body.command, { state: body.state, reason: body.reason, at });
    }
  });
}

/** A row may come days after it was written. Its own clock counts if it was right and the time is possible. */
function toldAt(
  row: { readonly wallMs: number; readonly clock: string },
  { queuedAt }: commands.CommandRow,
  now: InstantMs,
): InstantMs {
  const isPossible = row.clock === 'synced' && row.wallMs <= now && row.wallMs >= (queuedAt ?? 0);
  return isPossible ? instant(row.wallMs) : now;
}

/**
 * Ends what nobody has heard of: a command that this or another process never sent, or whose answer got lost, and one that was received and
 * whose terminal is gone. Whatever the state, it is never sent (again): its terminal would refuse it by its own clock.
 */
export function endOverdue(platform: Platform): void {
  const { store, clock, jobs } = platform;
  jobs.handle('terminals.expire-commands', {
    everyMs: seconds(5),
    async run() {
      const now = clock.now();
      const before = { unheardBefore: instant(now - commandGraceMs), unendedBefore: instant(now - receivedGraceMs) };
      const overdue = await commands.overdueCommands(store.read, before, sweepMax);
      if (overdue.length === 0) return;
      await store.tx(async (q) => {
        for (const { id, state } of overdue)
          await step(q, platform, id, {
            state: state === 'RECEIVED' ? 'UNKNOWN' : 'EXPIRED',
            reason: 'no-answer',
            at: now,
          });
      });
    },
  });
  jobs.handle('terminals.forget-commands', {
    everyMs: minutes(60),
    async run() {
      const before = instant(clock.now() - commandsKeptMs);
      while (await store.tx((q) => commands.forgetCommands(q, before, forgetMax)));
    },
  });
}
