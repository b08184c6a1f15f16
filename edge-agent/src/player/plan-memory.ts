import { instant } from '@gatecast/firmware-protocol';
import type { Logger } from 'pino';
import { z } from 'zod';
import { emptyPlanState, type PlanState } from './plan-state.ts';
import type { PlayerMemory } from './player-memory.ts';

const memoryKey = 'player-state';
/** By itself, so that what people have seen is written only when it changes. */
const sightingsKey = 'player-sightings';
const reachedKey = 'player-reached';
const moment = z.int().transform(instant);
const credits = z.record(z.string(), z.int());

const planState: z.ZodType<Omit<PlanState, 'sightings' | 'reached'>> = z.object({
  credits: z.record(z.string(), credits),
  house: z.object({ halfHour: moment, credits }).nullable(),
  deliveries: z.array(
    z.object({
      decision: z.string(),
      entry: z.string(),
      halfHour: moment,
      at: moment,
      milliTouches: z.int(),
    }),
  ),
  groups: z.record(z.string(), moment),
  groupsBy: z.record(z.string(), z.string()).default({}),
  last: z.record(
    z.string(),
    z.object({
      at: moment,
      clip: z.string(),
      campaign: z.string().nullable(),
      campaignNo: z.int().nullable(),
      separation: z.object({ group: z.string(), shownAt: moment }).nullable().default(null),
    }),
  ),
});

const sightings: z.ZodType<PlanState['sightings']> = z.array(
  z.object({
    decision: z.string(),
    pseudonym: z.string(),
    campaign: z.string(),
    at: moment,
    windowMs: z.int(),
  }),
);

const reached: z.ZodType<PlanState['reached']> = z.record(
  z.string(),
  z.object({
    people: z.array(z.object({ decision: z.string(), pseudonym: z.string() })),
    forgotten: z.int(),
    until: moment,
  }),
);

export interface PlanMemory {
  readonly state: PlanState;
  /** Takes the state over at once and makes it durable soon after; the screen does not wait for the disk. */
  keep(state: PlanState): void;
  /** Resolves when the newest state is durable, or could not be made so. */
  settle(): Promise<void>;
}

/** What the choice of clips remembers, over restarts. A memory that cannot be read begins anew and is told to the log. */
export function createPlanMemory(memory: PlayerMemory, log: Logger): PlanMemory {
  let state: PlanState = {
    ...(recall(memory, log, memoryKey, planState) ?? emptyPlanState),
    sightings: recall(memory, log, sightingsKey, sightings) ?? [],
    reached: recall(memory, log, reachedKey, reached) ?? {},
  };
  let durable = state;
  let writing: Promise<void> | undefined;

  const set = (key: string, value: unknown) =>
    memory
      .set(key, JSON.stringify(value))
      .catch((err: unknown) => log.error({ err }, 'the state of the plan could not be kept'));

  async function write(): Promise<void> {
    while (durable !== state) {
      const { sightings: before, reached: reachedBefore } = durable;
      durable = state;
      const { sightings: seen, reached: reachedNow, ...pacing } = state;
      await set(memoryKey, pacing);
      if (seen !== before) await set(sightingsKey, seen);
      if (reachedNow !== reachedBefore) await set(reachedKey, reachedNow);
    }
    writing = undefined;
  }

  return {
    get state() {
      return state;
    },
    keep(next) {
      if (next === state) return;
      state = next;
      writing ??= write();
    },
    async settle() {
      await writing;
    },
  };
}

function recall<T>(memory: PlayerMemory, log: Logger, key: string, schema: z.ZodType<T>): T | undefined {
  const text = memory.get(key);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (err) {
    log.error({ err, key }, 'the remembered state of the plan is unreadable');
    return undefined;
  }
}
