import { instant, newId, zonedInstant, type Fen, type InstantMs } from '@gatecast/firmware-protocol';
import type { z } from 'zod';
import type { Communities } from '../communities/service.ts';
import type { As } from '../platform/auth.ts';
import type { Reads } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { DayPrices, dayPricesQuery, newRateLine, RateCard, rateLinesQuery, ShownRateLine } from './contract.ts';
import { dayOfPrices, defaultTouchPriceFen, priceBook, type PricedCell } from './rate-card.ts';
import { dayAfter, type Span } from './sellable.ts';
import * as rows from './store.ts';

/** Which half-hour at which door; its community's zone is looked up. */
export type CellAsked = Omit<PricedCell, 'zone'>;

export interface Rates {
  list(query: z.output<typeof rateLinesQuery>): Promise<RateCard>;
  day(query: z.output<typeof dayPricesQuery>): Promise<DayPrices>;
  /** Rejects with `rate-window-invalid`, `too-many-rate-lines` or `not-found`. */
  add(who: As<'operator'>, input: z.output<typeof newRateLine>, call: Call): Promise<ShownRateLine>;
  /** Half-hours from now on have another price; what was agreed has not. Rejects with `rate-line-over`. */
  end(who: As<'operator'>, id: string): Promise<ShownRateLine>;
}

/** Where a day of no community in particular is: most of them are there. */
const networkZone = 'Asia/Shanghai';

/** Lines that are not over, of the network or of one community. */
const linesMax = 200;

export function createRates({ store, clock, audit }: Platform, communities: Communities): Rates {
  const show = async (found: readonly rows.RateLineRow[]): Promise<ShownRateLine[]> => {
    const places = await communities.about(
      store.read,
      found.flatMap(({ communityId }) => communityId ?? []),
    );
    return found.map((row) => ({ ...row, communityName: places.get(row.communityId ?? '')?.name ?? null }));
  };
  const showOne = async (id: string): Promise<ShownRateLine> => {
    const row = await rows.findRateLine(store.read, id);
    const [shown] = row ? await show([row]) : [];
    if (!shown) throw notFound('rate line');
    return shown;
  };
  return {
    async list({ past, ...query }) {
      const endingAfter = past === 'true' ? undefined : clock.now();
      const { rows: found, list } = await rows.listRateLines(store.read, { ...query, endingAfter });
      const page = list.page(
        found,
        (row) => row.createdAt,
        (row) => row,
      );
      return { ...page, items: await show(page.items), defaultTouchPriceFen };
    },
    async day({ communityId, date, segment, product }) {
      const zone = communityId === undefined ? networkZone : (await communities.get(store.read, communityId)).zone;
      const span = { from: zonedInstant(date, 0, zone), to: zonedInstant(dayAfter(date), 0, zone) };
      const lines = await rows.rateLinesFor(store.read, communityId === undefined ? [] : [communityId], span);
      const cell = { communityId: communityId ?? '', zone, segment, product };
      return { items: dayOfPrices(lines, cell, (minute) => zonedInstant(date, minute, zone)) };
    },
    async add(who, { validFrom, validTo, ...line }, call) {
      const now = clock.now();
      const window = { validFrom: instant(Math.max(now, validFrom ?? now)), validTo: validTo as InstantMs | null };
      if (window.validTo !== null && window.validTo <= window.validFrom)
        throw refusal('rate-window-invalid', 'a price ends after it begins, and in the future');
      const id = newId('rateLine');
      const made = await store.tx((q) =>
        once(q, clock, call, async () => {
          if (line.communityId !== null) await communities.get(q, line.communityId);
          await q.lock('rate-lines');
          if ((await rows.countRateLines(q, line.communityId, now)) >= linesMax)
            throw refusal('too-many-rate-lines', 'end some lines before you add another', { max: linesMax });
          await q.insert(q.t.rateLines).values({ id, ...line, ...window, createdBy: who.accountId, createdAt: now });
          const { communityId, touchPriceFen } = line;
          await audit(q, { who, action: 'rate-line.add', subject: id, facts: { communityId, touchPriceFen } });
          return id;
        }),
      );
      return showOne(made);
    },
    async end(who, id) {
      await store.tx(async (q) => {
        if (!(await rows.endRateLine(q, id, clock.now())))
          throw (await rows.findRateLine(q, id))
            ? refusal('rate-line-over', 'this price is over already')
            : notFound('rate line');
        await audit(q, { who, action: 'rate-line.end', subject: id });
      });
      return showOne(id);
    },
  };
}

/** What a touch costs in any half-hour of a span at any door of the communities, by the lines of this moment. */
export async function pricesOf(
  q: Reads,
  communities: Pick<Communities, 'about'>,
  communityIds: readonly string[],
  span: Span,
): Promise<(cell: CellAsked) => Fen> {
  const places = await communities.about(q, communityIds);
  const book = priceBook(await rows.rateLinesFor(q, communityIds, span));
  return (cell) => {
    const place = places.get(cell.communityId);
    if (!place) throw notFound('community');
    return book({ ...cell, zone: place.zone });
  };
}
