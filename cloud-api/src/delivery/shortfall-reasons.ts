/** Why a line item gets less than was bought; the first that are found say most. */
export const shortfallReasons = [
  'paused',
  'clip-stopped',
  'merchant-stopped',
  'not-for-sale',
  'screens-away',
  'fewer-people',
  'crowded',
] as const;
export type ShortfallReason = (typeof shortfallReasons)[number];

/** How a line item stands, as far as it says why. */
export interface Standing {
  readonly isPaused: boolean;
  /** Of half-hours at its doors that are still to come, some of them: why it may not play there; null: it may. */
  readonly closed: readonly (string | null)[];
  /** Doors in its communities that it plays at, and those of which the screen is away. */
  readonly doors: number;
  readonly doorsAway: number;
  /** In half-hours that are reported. */
  readonly plannedMilli: number;
  readonly deliveredMilli: number;
}

/** So much less than was planned in what is reported is more than chance. */
const fewerFromPpm = 30_000;
const wholePpm = 1_000_000;

/** What keeps a clip off every screen, and what its merchant may not, by the words of the plan; anything else is the place's own. */
const ofClip: readonly string[] = [
  'clip-blocked',
  'permit-missing',
  'category-sensitive',
  'category-declined',
  'clip-not-approved',
];

/** Never empty: where nothing else is known others bought what is left. */
export function shortfallReasonsOf(line: Standing): ShortfallReason[] {
  const { isPaused, closed, doors, doorsAway, plannedMilli, deliveredMilli } = line;
  const isShort = plannedMilli > 0 && (plannedMilli - deliveredMilli) * wholePpm > plannedMilli * fewerFromPpm;
  const reasons = new Set<ShortfallReason>();
  if (isPaused) reasons.add('paused');
  for (const why of closed) if (why !== null && why !== 'held-out') reasons.add(reasonOf(why));
  if (doorsAway > 0 && doors > 0) reasons.add('screens-away');
  // What screens that are away have played is not told yet: fewer people cannot be said then.
  else if (isShort) reasons.add('fewer-people');
  if (reasons.size === 0) reasons.add('crowded');
  return shortfallReasons.filter((reason) => reasons.has(reason));
}

function reasonOf(why: string): ShortfallReason {
  if (why === 'not-publishing') return 'merchant-stopped';
  return ofClip.includes(why) ? 'clip-stopped' : 'not-for-sale';
}
