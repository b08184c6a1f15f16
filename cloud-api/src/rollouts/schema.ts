import type { Columns } from '../platform/db/columns.ts';
import type { TemplateSettings } from '../terminals/template-contract.ts';
import type { RolloutCriteria, RolloutState, RolloutTerminalState } from './contract.ts';

export function makeRolloutTables(c: Columns) {
  return {
    rollouts: c.table(
      'rollouts',
      {
        id: c.text().primaryKey(),
        /** Null: the operator's own. */
        companyId: c.text(),
        name: c.text().notNull(),
        kind: c.text<'template' | 'release'>().notNull(),
        /** The template or the release, and what it was called when it began. */
        subjectId: c.text().notNull(),
        subjectName: c.text().notNull(),
        /** What the template set when it began: that is what was agreed to. Null for a release. */
        settings: c.json<TemplateSettings>(),
        criteria: c.json<RolloutCriteria>().notNull(),
        /** Terminals of each stage. */
        sizes: c.json<readonly number[]>().notNull(),
        state: c.text<RolloutState>().notNull(),
        halt: c.json<{ readonly stage: number; readonly failed: number; readonly allowed: number }>(),
        /** Failures known to whoever let it go on after it had halted. */
        forgiven: c.int().notNull(),
        stage: c.int().notNull(),
        stageStartedAt: c.at().notNull(),
        stageDoneAt: c.at(),
        createdAt: c.at().notNull(),
        endedAt: c.at(),
      },
      (t) => [c.index('rollouts_company').on(t.companyId, t.createdAt), c.index('rollouts_state').on(t.state)],
    ),
    rolloutTerminals: c.table(
      'rollout_terminals',
      {
        rolloutId: c.text().notNull(),
        terminalId: c.text().notNull(),
        stage: c.int().notNull(),
        state: c.text<RolloutTerminalState>().notNull(),
        reason: c.text(),
        at: c.at().notNull(),
        /** The version of the document that holds it; null before it was told. */
        version: c.int(),
        dueFrom: c.at(),
        /** Alarms and faults that stood when it was told: they are not its doing. */
        troubles: c.json<readonly string[]>(),
        /** What it had before: the settings that were changed, or the release. */
        before: c.json<TerminalBefore>(),
      },
      (t) => [
        c.primaryKey({ columns: [t.rolloutId, t.terminalId] }),
        c.index('rollout_terminals_state').on(t.rolloutId, t.state, t.stage),
      ],
    ),
    /** Which roll-out a terminal is in: one at most. */
    rolloutHolds: c.table(
      'rollout_holds',
      { terminalId: c.text().primaryKey(), rolloutId: c.text().notNull() },
      (t) => [c.index('rollout_holds_rollout').on(t.rolloutId)],
    ),
    terminalTags: c.table('terminal_tags', { terminalId: c.text().notNull(), tag: c.text().notNull() }, (t) => [
      c.primaryKey({ columns: [t.terminalId, t.tag] }),
      c.index('terminal_tags_tag').on(t.tag),
    ]),
  };
}

export type TerminalBefore =
  | { readonly settings: Readonly<Record<string, unknown>> }
  /** Null: it had none. */
  | { readonly releaseId: string | null };
