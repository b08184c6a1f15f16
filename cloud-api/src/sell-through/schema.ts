import type { Columns } from '../platform/db/columns.ts';
import type { Where } from './week-cells.ts';

/** How much of what comes by is sold, and what it earns: sums of local weeks, written anew while a week is not over and kept for `weeksKept`. */
export function makeSellThroughTables(c: Columns) {
  return {
    /** Of one community. */
    sellThrough: c.table(
      'sell_through',
      {
        /** Its Monday, `2026-11-23`, by the community's own clocks. */
        week: c.text().notNull(),
        place: c.text<Where>().notNull(),
        communityId: c.text().notNull(),
        expectedMilli: c.big().notNull(),
        /** Of it, what the owners let be sold. */
        openMilli: c.big().notNull(),
        soldMilli: c.big().notNull(),
        incomeMilliFen: c.big().notNull(),
        /** Sold of what is open; -1: nothing is open. */
        soldPpm: c.int().notNull(),
        /** Income per expected touch, in thousandths of a fen. */
        yieldMilliFen: c.int().notNull(),
        madeAt: c.at().notNull(),
      },
      (t) => [
        c.primaryKey({ columns: [t.week, t.place, t.communityId] }),
        c.index('sell_through_sold').on(t.week, t.place, t.soldPpm, t.communityId),
        c.index('sell_through_yield').on(t.week, t.place, t.yieldMilliFen, t.communityId),
      ],
    ),
    /** Of all communities together, by the half-hours of the week. */
    sellThroughWeeks: c.table(
      'sell_through_weeks',
      {
        week: c.text().notNull(),
        place: c.text<Where>().notNull(),
        /** As `week-cells.ts` packs them. */
        cells: c.bytes().notNull(),
        communities: c.int().notNull(),
        /** Communities of which nothing is for sale. */
        unsold: c.int().notNull(),
        madeAt: c.at().notNull(),
      },
      (t) => [c.primaryKey({ columns: [t.week, t.place] })],
    ),
  };
}
