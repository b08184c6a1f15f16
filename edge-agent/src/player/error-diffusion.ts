/** Debts of earlier rounds by key, in parts per million of one choice; between −1,000,000 and 1,000,000 when all take part. */
export type Credits = Readonly<Record<string, number>>;

export interface Contender {
  readonly key: string;
  /** Any non-negative whole number; only the ratio to the others counts. */
  readonly weight: number;
  /** May not be chosen this time, but keeps its claim. */
  readonly barred?: boolean;
}

const one = 1_000_000;

/**
 * Picks one contender so that, over any number of rounds, each has been picked as often as its weight says, give or take less than one.
 * The rule of R. Tijdeman, «The chairman assignment problem» (1980): of those with a claim worth honouring, the one whose claim would
 * outgrow its bound first. Same inputs, same choice; equal claims go to the earlier contender.
 */
export function diffuse(
  credits: Credits,
  contenders: readonly Contender[],
): { readonly chosen: string | undefined; readonly credits: Credits } {
  const shares = inPpm(contenders.map((c) => c.weight));
  const slack = one / Math.max(2, 2 * contenders.length - 2);
  const claims = contenders.map((contender, index) => {
    const share = shares[index] ?? 0;
    const claim = claimOf(credits, contender.key, share);
    return { ...contender, claim, urgency: share > 0 ? (one - slack - claim) / share : Infinity };
  });
  const free = claims.filter((c) => !c.barred && c.weight > 0);
  const due = free.filter((c) => c.claim >= slack);
  const chosen = due.length > 0 ? least(due, (c) => c.urgency) : least(free, (c) => -c.claim);
  return {
    chosen: chosen?.key,
    credits: Object.fromEntries(claims.map((c) => [c.key, c === chosen ? c.claim - one : c.claim])),
  };
}

/** What a contender with this share of the round may claim in it. */
export const claimOf = (credits: Credits, key: string, sharePpm: number): number =>
  clamp((credits[key] ?? 0) + sharePpm);

/** A contender that was barred for long must not take everything once it is back. */
const clamp = (claim: number) => Math.min(Math.max(claim, -2 * one), 2 * one);

function least<T>(items: readonly T[], value: (item: T) => number): T | undefined {
  let best: T | undefined;
  for (const item of items) if (best === undefined || value(item) < value(best)) best = item;
  return best;
}

/** Whole parts per million that add up to a million; what rounding leaves over goes to the greatest. */
function inPpm(weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum <= 0) return weights.map(() => 0);
  const parts = weights.map((w) => Math.floor((w * one) / sum));
  const greatest = parts.indexOf(Math.max(...parts));
  parts[greatest] = (parts[greatest] ?? 0) + one - parts.reduce((a, b) => a + b, 0);
  return parts;
}
