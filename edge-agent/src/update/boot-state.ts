import { readFile } from 'node:fs/promises';
import { semver, updateFault } from '@gatecast/firmware-protocol/messages';
import { replaceFile } from '@gatecast/firmware-protocol/node';
import { z } from 'zod';
import { slots } from './slots.ts';

const slot = z.enum(slots);

/** A release that was switched to and has not proven itself. */
const trial = z.looseObject({
  slot,
  version: semver,
  /** Version of the `software` document that wanted it. */
  document: z.int().positive(),
  /** Starts so far. */
  attempts: z.int().nonnegative(),
  /** What worked before the switch, and has to work again. */
  before: z.object({ doors: z.array(z.string()), screen: z.boolean(), uplink: z.boolean() }),
  /** Why the agent on trial gave itself up. */
  fault: updateFault.nullable(),
});
export type Trial = z.infer<typeof trial>;

/** What became of the last `software` document. */
const outcome = z.looseObject({
  document: z.int().positive(),
  state: z.enum(['applied', 'failed']),
  reason: updateFault.nullable(),
  /** Noted in the journal and on its way to the cloud. */
  told: z.boolean(),
});
export type Outcome = z.infer<typeof outcome>;

/** Which slot runs. Kept outside the slots; members that a later agent adds survive an earlier one. */
const bootState = z.looseObject({
  v: z.literal(1),
  active: slot,
  /** The newest release that has proven itself: an older one is refused. Null before the first. */
  floor: semver.nullable(),
  trial: trial.nullable(),
  outcome: outcome.nullable(),
});
export type BootState = z.infer<typeof bootState>;

export const freshState: BootState = { v: 1, active: 'a', floor: null, trial: null, outcome: null };

/** The state on the disk, or that of a fresh install where there is none. Rejects with ZodError or SyntaxError for a damaged one. */
export async function readBootState(path: string): Promise<BootState> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return freshState;
    throw error;
  }
  return bootState.parse(JSON.parse(text));
}

/** Resolves when it is on the disk; a power cut before leaves the old one. */
export const writeBootState = (path: string, state: BootState): Promise<void> =>
  replaceFile(path, Buffer.from(`${JSON.stringify(state)}\n`));
