import type { Communities } from '../communities/service.ts';
import type { As } from '../platform/auth.ts';
import type { Reads } from '../platform/db/store.ts';
import type { InvoiceLine } from './contract.ts';
import * as rows from './store.ts';

/** Who reads bills: the operator all of them, a merchant its own. */
export type Reader = As<'operator' | 'merchant'>;

/** Lines as they are shown. */
export type LineView = (q: Reads, found: readonly rows.LineRow[]) => Promise<InvoiceLine[]>;

export function createLineView(communities: Communities): LineView {
  return async (q, found) => {
    const places = await communities.about(
      q,
      found.map(({ communityId }) => communityId),
    );
    const disputed = await rows.disputesOfLines(
      q,
      found.map(({ id }) => id),
    );
    return found.map((line) => {
      const { missing, verifiedMilli, filtered, id, communityId } = line;
      return {
        id,
        kind: line.kind,
        communityId,
        communityName: places.get(communityId)?.name ?? '',
        at: line.at,
        placement: line.placement,
        segment: line.segment,
        expectedPpm: line.expectedPpm,
        reportVersion: Math.abs(line.reportVersion),
        rendered: line.rendered,
        viewable: line.viewable,
        completed: line.completed,
        filtered: filteredOf(filtered),
        missingScreens: missing,
        verifiedMilliTouches: line.people === null ? verifiedMilli : 0,
        people: line.people,
        touchPriceMilliFen: line.touchPriceMilliFen,
        amountFen: line.amountFen,
        creditNoteId: line.creditNoteId,
        madeAt: line.madeAt,
        disputeId: disputed.get(id) ?? null,
      };
    });
  };
}

export const filteredOf = (filtered: rows.LineRow['filtered']): { reason: string; plays: number }[] =>
  Object.entries(filtered).map(([reason, plays]) => ({ reason, plays }));
