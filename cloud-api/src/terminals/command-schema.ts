import type { InstantMs } from '@gatecast/firmware-protocol';
import type { CommandFileKind, CommandState } from '@gatecast/firmware-protocol/messages';
import type { AccountRole } from '../platform/auth.ts';
import type { Columns } from '../platform/db/columns.ts';
import type { CommandKind, CommandOptions } from './command-contract.ts';

export function makeCommandTables(c: Columns) {
  return {
    commands: c.table(
      'commands',
      {
        id: c.text().primaryKey(),
        terminalId: c.text().notNull(),
        kind: c.text<CommandKind>().notNull(),
        /** What a kind with a choice was asked with; null for one without. */
        options: c.json<CommandOptions>(),
        state: c.text<CommandState>().notNull(),
        reason: c.text(),
        times: c.json<Readonly<Partial<Record<CommandState, InstantMs>>>>().notNull(),
        actor: c.text().notNull(),
        /** As what the actor gave it; null of commands from before this was kept. */
        actorRole: c.text<AccountRole>(),
        /** The resident who asked for it, from a phone. */
        residentId: c.text(),
        /** Null of commands from before this was kept: the list does not show them. */
        queuedAt: c.at(),
        expiresAt: c.at().notNull(),
      },
      (t) => [
        c.index('commands_resident').on(t.residentId, t.expiresAt),
        c.index('commands_open').on(t.state, t.expiresAt),
        c.index('commands_terminal').on(t.terminalId, t.expiresAt),
        c.index('commands_list').on(t.terminalId, t.queuedAt, t.id),
      ],
    ),
    /** What a command brought, until it is deleted. */
    commandFiles: c.table(
      'command_files',
      {
        commandId: c.text().primaryKey(),
        terminalId: c.text().notNull(),
        kind: c.text<CommandFileKind>().notNull(),
        bytes: c.bytes().notNull(),
        size: c.int().notNull(),
        at: c.at().notNull(),
        keptUntil: c.at().notNull(),
      },
      (t) => [
        c.index('command_files_terminal').on(t.terminalId, t.kind, t.at),
        c.index('command_files_end').on(t.keptUntil),
      ],
    ),
  };
}
