/**
 * What wrong codes cost (OWASP ASVS 6.1.1: slow the guesser down without locking others out). A lane is a unit, or the reader for codes that name
 * nobody; only its own wrong codes lock it. The fifth locks it for 60 s, each one after that for twice as long, up to 15 min.
 */
export interface Lane {
  readonly wrong: number;
  /** Monotonic ms. */
  readonly lockedUntil: number;
  readonly lastWrongAt: number;
}

export const freeLane: Lane = { wrong: 0, lockedUntil: 0, lastWrongAt: 0 };

const wrongCodesMax = 5;
const firstLockMs = 60_000;
export const lockMsMax = 15 * 60_000;
/** A lane without a wrong code for so long is free of its past. */
export const forgiveAfterMs = 60 * 60_000;

export const isLocked = (lane: Lane, at: number): boolean => at < lane.lockedUntil;

export function afterWrong(lane: Lane, at: number): Lane {
  const past = at - lane.lastWrongAt > forgiveAfterMs ? 0 : lane.wrong;
  const wrong = past + 1;
  const lockMs = wrong < wrongCodesMax ? 0 : Math.min(lockMsMax, firstLockMs * 2 ** (wrong - wrongCodesMax));
  return { wrong, lockedUntil: at + lockMs, lastWrongAt: at };
}
