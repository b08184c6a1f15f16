import { z } from 'zod';
import { atMs, id, name, pageQuery } from '../platform/contract.ts';
import { settingChange } from '../terminals/template-contract.ts';

/** A word that an operator or a property puts on its terminals to name a group of them. */
export const terminalTag = z.string().trim().min(1).max(30);

/** Terminals that are meant: those that fulfil every condition that is named, and of each condition any value. With none named, all. */
export const rolloutGroup = z.object({
  communityIds: z.array(id).max(500).default([]),
  tags: z.array(terminalTag).max(20).default([]),
  models: z.array(z.string().min(1).max(60)).max(20).default([]),
  terminalIds: z.array(id).max(1_000).default([]),
});

/** How much of the group has it when a stage is done, canaries apart; the last stage is always the rest. */
export const rolloutStage = z.union([
  z.object({ percent: z.int().min(1).max(100) }),
  z.object({ count: z.int().min(1).max(10_000) }),
]);
export type RolloutStage = z.output<typeof rolloutStage>;

export const rolloutCriteria = z.object({
  /** A terminal that is there and has not applied it within this time has failed. */
  withinMinutes: z.int().min(1).max(1_440).default(30),
  /**
   * So long it must be in force without new trouble: never less than a version takes to prove itself on its terminal, or a poisoned one would
   * reach everybody before the first has taken it back.
   */
  healthyMinutes: z.int().min(2).max(240).default(5),
  /** Between the end of a stage and the next. */
  waitMinutes: z.int().min(0).max(10_080).default(30),
  /** More failures than that of the terminals reached, and it halts by itself; part of a terminal is none. */
  errorPercentMax: z.int().min(0).max(100).default(5),
});
export type RolloutCriteria = z.output<typeof rolloutCriteria>;

export const rolloutPlan = z.object({
  what: z.object({ kind: z.enum(['template', 'release']), id }),
  group: rolloutGroup,
  /** First of all, as a stage of their own. They belong to the group whatever its conditions say. */
  canaryIds: z.array(id).max(50).default([]),
  stages: z.array(rolloutStage).max(10).default([]),
});
export type RolloutPlan = z.output<typeof rolloutPlan>;

/** What would happen, and the token that starts exactly that. */
export const rolloutPreview = z.object({
  total: z.int(),
  /** Terminals of each stage, canaries first if there are any. */
  stages: z.array(z.int()),
  /** Terminals that it would pass over, by the code of the reason. */
  skipped: z.record(z.string(), z.int()),
  /** Terminals at which nothing would change. */
  unchanged: z.int(),
  /** The first ones, in the order in which they come. */
  items: z.array(
    z.object({
      terminalId: id,
      name: z.string(),
      communityName: z.string(),
      entranceName: z.string(),
      stage: z.int(),
      online: z.boolean(),
      changes: z.array(settingChange),
      /** Why it is passed over. */
      skip: z.string().nullable(),
    }),
  ),
  /** Terminals that another roll-out holds: as long as there are any, this one cannot start. */
  heldBy: z.array(z.object({ rolloutId: id, name: z.string(), terminals: z.int() })),
  token: z.string(),
});
export type RolloutPreview = z.infer<typeof rolloutPreview>;

/** `POST /v1/rollouts`. It begins at once. */
export const newRollout = rolloutPlan.extend({ name, criteria: rolloutCriteria, token: z.string().max(100) });

export const rolloutState = z.enum([
  'running',
  'paused',
  'halted',
  'done',
  'cancelled',
  /** What was done is being taken back, and was. */
  'returning',
  'returned',
]);
export type RolloutState = z.infer<typeof rolloutState>;

/**
 * `waiting`: not its turn yet; `sent`: told, and not proven; `away`: told, and not there; `healthy`; `failed`; `skipped`: it cannot have it;
 * `missed`: away until the roll-out was over, it gets it when it comes back; `returned`: it has what it had before.
 */
export const rolloutTerminalState = z.enum([
  'waiting',
  'sent',
  'away',
  'healthy',
  'failed',
  'skipped',
  'missed',
  'returned',
]);
export type RolloutTerminalState = z.infer<typeof rolloutTerminalState>;

const stageProgress = z.object({
  size: z.int(),
  counts: z.partialRecord(rolloutTerminalState, z.int()),
});

export const rollout = z.object({
  id,
  name: z.string(),
  what: z.object({ kind: z.enum(['template', 'release']), id, name: z.string() }),
  state: rolloutState,
  /** Why it halted by itself. */
  halt: z.object({ stage: z.int(), failed: z.int(), allowed: z.int() }).nullable(),
  /** Index of the stage that runs. */
  stage: z.int(),
  stages: z.array(stageProgress),
  total: z.int(),
  /** Terminals of the group that cannot have it. */
  skipped: z.int(),
  criteria: rolloutCriteria,
  /** When the next stage begins, while it waits for that. */
  nextAt: atMs.nullable(),
  createdAt: atMs,
  endedAt: atMs.nullable(),
});
export type Rollout = z.infer<typeof rollout>;

/** `GET /v1/rollouts`, newest first. */
export const rolloutQuery = pageQuery;

export const rolloutTerminalQuery = pageQuery.extend({
  state: rolloutTerminalState.optional(),
});
export const rolloutTerminal = z.object({
  terminalId: id,
  name: z.string(),
  communityName: z.string(),
  entranceName: z.string(),
  stage: z.int(),
  state: rolloutTerminalState,
  /** Stable code of what went wrong, or why it was passed over. */
  reason: z.string().nullable(),
  online: z.boolean(),
  /** When it came to this state. */
  at: atMs,
});
export type RolloutTerminal = z.infer<typeof rolloutTerminal>;

/** `GET /v1/terminal-groups`: by what the caller's terminals can be chosen. */
export const terminalGroups = z.object({
  tags: z.array(z.object({ tag: z.string(), terminals: z.int() })),
  models: z.array(z.object({ model: z.string(), terminals: z.int() })),
});
export type TerminalGroups = z.infer<typeof terminalGroups>;
/** `PUT /v1/terminals/:id/tags` */
export const terminalTags = z.object({ tags: z.array(terminalTag).max(10) });
export type TerminalTags = z.infer<typeof terminalTags>;
