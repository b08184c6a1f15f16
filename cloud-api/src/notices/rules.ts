import type { InstantMs } from '@gatecast/firmware-protocol';
import { isKnownTo, noticesMax, type PostedNotice } from '@gatecast/firmware-protocol/messages';
import type { Notice } from './contract.ts';

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

export function noticeState({ from, to, endedAt }: StoredNotice, now: InstantMs): Notice['state'] {
  if (endedAt !== null || now >= to) return 'over';
  return now < from ? 'scheduled' : 'showing';
}

export const isFor = ({ entranceIds }: Pick<StoredNotice, 'entranceIds'>, entranceId: string): boolean =>
  entranceIds === null || entranceIds.includes(entranceId);

/** A terminal that reads the document of them; others get theirs with the plan. */
export const readsNotices = ({ protocol }: { readonly protocol: number }): boolean => isKnownTo('notices', protocol);

/**
 * What the screen at an entrance is told of a community's notices that are not over: emergencies first, then the earliest. The screen itself
 * begins and ends each in its time, so time alone makes no new version.
 */
export function postedAt(entranceId: string, notices: readonly StoredNotice[]): PostedNotice[] {
  return notices
    .filter((notice) => isFor(notice, entranceId))
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
