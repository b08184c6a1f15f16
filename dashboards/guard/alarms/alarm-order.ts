import type { Alarm } from '@gatecast/cloud-api/client';

/** What somebody must answer now, and what is answered or over; each newest first, calls for help before anything else. */
export interface SortedAlarms {
  readonly waiting: readonly Alarm[];
  readonly others: readonly Alarm[];
}

/** People before things: somebody who calls, then fire, then the rest. */
const urgency: Readonly<Partial<Record<Alarm['kind'], number>>> = { help: 0, fire: 1, forced: 2 };
const leastUrgent = 3;

export function sortAlarms(alarms: readonly Alarm[]): SortedAlarms {
  const ranked = alarms.toSorted(
    (a, b) => (urgency[a.kind] ?? leastUrgent) - (urgency[b.kind] ?? leastUrgent) || b.at - a.at,
  );
  return { waiting: ranked.filter(isWaiting), others: ranked.filter((alarm) => !isWaiting(alarm)) };
}

const isWaiting = ({ ackedAt }: Alarm): boolean => ackedAt === null;

/** What the phone rings for: calls and fire that nobody has taken. */
export const isLoud = (alarm: Alarm): boolean => isWaiting(alarm) && (alarm.kind === 'help' || alarm.kind === 'fire');
