/**
 * Wrong codes of every sort at one reader: who tries unit after unit locks none of them, and is slowed down here. Thirty within an hour are a storm; while
 * it lasts the reader looks at one code every ten seconds.
 */
export interface Storm {
  /** Monotonic ms of the latest wrong codes, the oldest first. */
  readonly wrongAt: readonly number[];
  /** When a code was last looked at, right or wrong. */
  readonly lookedAt: number | null;
  /** When the property was last told. */
  readonly toldAt: number | null;
}

export const calm: Storm = { wrongAt: [], lookedAt: null, toldAt: null };

export const stormCodes = 30;
export const stormWithinMs = 60 * 60_000;
export const stormPaceMs = 10_000;

export const isStorm = ({ wrongAt }: Storm, at: number): boolean =>
  wrongAt.filter((each) => at - each < stormWithinMs).length >= stormCodes;

/** The next code has to wait. */
export const isSlowed = (storm: Storm, at: number): boolean =>
  storm.lookedAt !== null && at - storm.lookedAt < stormPaceMs && isStorm(storm, at);

/** A code was looked at. `tell`: the property must know of a storm, of which it was not told within the hour. */
export function afterCode(
  storm: Storm,
  isWrong: boolean,
  at: number,
): { readonly storm: Storm; readonly tell: boolean } {
  const wrongAt = isWrong ? [...storm.wrongAt, at].slice(-stormCodes) : storm.wrongAt;
  const next = { ...storm, wrongAt, lookedAt: at };
  const wasTold = storm.toldAt !== null && at - storm.toldAt < stormWithinMs;
  const tell = isStorm(next, at) && !wasTold;
  return { storm: tell ? { ...next, toldAt: at } : next, tell };
}
