import { instant } from '@gatecast/firmware-protocol';
import type { Logger } from 'pino';
import { z } from 'zod';
import { emptyPlanState, type PlanState } from './plan-state.ts';
import type { PlayerMemory } from './player-memory.ts';

const memoryKey = 'player-state';
const moment = z.int().transform(instant);
const credits = z.record(z.string(), z.int());

const planState: z.ZodType<PlanState> = z.object({
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
  last: z.record(
    z.string(),
    z.object({ at: moment, clip: z.string(), campaign: z.string().nullable(), campaignNo: z.int().nullable() }),
  ),
});

export interface PlanMemory {
  readonly state: PlanState;
  /** Takes the state over at once and makes it durable soon after; the screen does not wait for the disk. */
  keep(state: PlanState): void;
  /** Resolves when the newest state is durable, or could not be made so. */
  settle(): Promise<void>;
}

/** What the choice of clips remembers, over restarts. A memory that cannot be read begins anew and is told to the log. */
export function createPlanMemory(memory: PlayerMemory, log: Logger): PlanMemory {
  let state = recall(memory, log);
  let dirty = false;
  let writing: Promise<void> | undefined;

  async function write(): Promise<void> {
    while (dirty) {
      dirty = false;
      await memory
        .set(memoryKey, JSON.stringify(state))
        .catch((err: unknown) => log.error({ err }, 'the state of the plan could not be kept'));
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
      dirty = true;
      writing ??= write();
    },
    async settle() {
      await writing;
    },
  };
}

function recall(memory: PlayerMemory, log: Logger): PlanState {
  const text = memory.get(memoryKey);
  if (text === undefined) return emptyPlanState;
  try {
    return planState.parse(JSON.parse(text));
  } catch (err) {
    log.error({ err }, 'the remembered state of the plan is unreadable');
    return emptyPlanState;
  }
}
