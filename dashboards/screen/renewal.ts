/** A page that begins anew, and how often that was of no use lately. */
export interface Renewal {
  /** Loads the page anew at its own address; false: the last time is not long enough ago. */
  renew(): boolean;
}

interface Last {
  readonly at: number;
  readonly inARow: number;
}

const key = 'gatecast-renewed';
const pauseMsMin = 60_000;
const pauseMsMax = 60 * 60_000;
/** After so long without one, a renewal is the first again. */
const forgottenAfterMs = 6 * pauseMsMax;

/** `storage` outlives the page, `now` is its wall clock in ms. The pause doubles from one minute to an hour. */
export function createRenewal(
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  reload: () => void,
  now: () => number,
): Renewal {
  return {
    renew() {
      const { at, inARow } = lastOf(storage.getItem(key), now());
      // A wall clock that was set back must not hold a dead page for hours.
      const sinceMs = Math.abs(now() - at);
      if (sinceMs < Math.min(pauseMsMin * 2 ** (inARow - 1), pauseMsMax)) return false;
      const last: Last = { at: now(), inARow: inARow + 1 };
      storage.setItem(key, JSON.stringify(last));
      reload();
      return true;
    },
  };
}

function lastOf(text: string | null, now: number): Last {
  const last = text === null ? undefined : (JSON.parse(text) as Last);
  return last && Math.abs(now - last.at) < forgottenAfterMs ? last : { at: -Infinity, inARow: 0 };
}
