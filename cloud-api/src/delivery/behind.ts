import { after, days, type InstantMs } from '@gatecast/firmware-protocol';
import { reportedSums } from '../campaigns/cells.ts';
import { endOf } from '../campaigns/claims.ts';
import { halfHoursOf, plays } from '../campaigns/line-item.ts';
import type { BookingRow } from '../campaigns/line-item-ends.ts';
import type { Communities } from '../communities/service.ts';
import type { Reads } from '../platform/db/store.ts';
import { awayEntrances } from './away.ts';
import { closedTo, type ClosedParts } from './closed.ts';
import { shortfallReasonsOf, type ShortfallReason } from './shortfall-reasons.ts';

export interface BehindParts extends ClosedParts {
  readonly communities: Communities;
}

/** Of a line item so many of its communities and half-hours are looked at: why it is behind is seldom the matter of one alone. */
const placesAsked = 20;
const halfHoursAsked = 24;
const lookAheadMs = days(7);

export interface BehindLineItem {
  readonly row: BookingRow;
  readonly communityIds: readonly string[];
}

/** Why each of some line items gets less than was bought, as things stand. */
export async function whyBehind(
  q: Reads,
  parts: BehindParts,
  lines: readonly BehindLineItem[],
  now: InstantMs,
): Promise<ReadonlyMap<string, readonly ShortfallReason[]>> {
  const asked = lines.map((line) => ({ ...line, communityIds: line.communityIds.slice(0, placesAsked) }));
  const ids = [...new Set(asked.flatMap(({ communityIds }) => communityIds))];
  const communities = await parts.communities.about(q, ids);
  const between = { from: now, to: after(now, lookAheadMs) };
  const closed = await closedTo(q, parts, { lines: asked, communities: [...communities.values()], between });
  const away = await awayEntrances(q, ids, now);
  const doors = Map.groupBy(await parts.communities.entrancesOf(q, ids), ({ communityId }) => communityId);
  const sums = await reportedSums(
    q,
    lines.map(({ row }) => row.id),
  );
  return new Map(
    asked.map(({ row, communityIds }) => {
      const placements = row.placements ?? [];
      const own = communityIds.flatMap((id) =>
        (doors.get(id) ?? []).filter(({ placement }) => plays({ placements }, placement)),
      );
      const mayNot = closed({ row });
      const why = own.flatMap(({ communityId, placement }) =>
        stillToCome(row, communities.get(communityId)?.zone ?? 'Asia/Shanghai', between).map((at) =>
          mayNot(communityId, placement, at),
        ),
      );
      const reasons = shortfallReasonsOf({
        isPaused: row.pausedAt !== null,
        closed: why,
        doors: own.length,
        doorsAway: own.filter(({ id }) => away.has(id)).length,
        ...(sums.get(row.id) ?? { plannedMilli: 0, deliveredMilli: 0 }),
      });
      return [row.id, reasons];
    }),
  );
}

function stillToCome(row: BookingRow, zone: string, { from, to }: { from: InstantMs; to: InstantMs }): InstantMs[] {
  const span = { from: row.at > from ? row.at : from, to: endOf(row) < to ? endOf(row) : to };
  if (span.from >= span.to) return [];
  const days = row.firstDay === null || row.lastDay === null ? null : { firstDay: row.firstDay, lastDay: row.lastDay };
  return halfHoursOf({ ...span, days, dayparts: row.dayparts ?? [] }, zone).slice(0, halfHoursAsked);
}
