import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Plan } from '@gatecast/firmware-protocol/messages';
import type { Notice } from './contract.ts';

export type PlannedNotice = Plan['notices'][number];

export interface StoredNotice {
  readonly id: string;
  readonly level: Notice['level'];
  readonly title: string;
  readonly text: string;
  readonly entranceIds: readonly string[] | null;
  readonly from: InstantMs;
  readonly to: InstantMs;
  readonly endedAt: InstantMs | null;
}

/** More at once nobody reads; it is the plan's own limit too. */
export const noticesMax = 20;

export function noticeState({ from, to, endedAt }: StoredNotice, now: InstantMs): Notice['state'] {
  if (endedAt !== null || now >= to) return 'over';
  return now < from ? 'scheduled' : 'showing';
}

export const isFor = ({ entranceIds }: Pick<StoredNotice, 'entranceIds'>, entranceId: string): boolean =>
  entranceIds === null || entranceIds.includes(entranceId);

/**
 * What the plan of the screen at an entrance says of a community's notices that are not over: emergencies first, then the earliest. The screen itself
 * begins and ends each in its time, so time alone makes no new plan.
 */
export function plannedAt(entranceId: string, notices: readonly StoredNotice[], validTo: InstantMs): PlannedNotice[] {
  return notices
    .filter((notice) => isFor(notice, entranceId) && notice.from < validTo)
    .toSorted((a, b) => rank(a) - rank(b) || a.from - b.from || (a.id < b.id ? -1 : 1))
    .slice(0, noticesMax)
    .map(({ id, level, title, text, entranceIds, from, to }) => ({
      id,
      level,
      title,
      text,
      entrances: entranceIds && [...entranceIds],
      from,
      to,
    }));
}

const rank = ({ level }: Pick<StoredNotice, 'level'>): number => (level === 'emergency' ? 0 : 1);
