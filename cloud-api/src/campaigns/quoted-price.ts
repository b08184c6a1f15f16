import { setImmediate as breathe } from 'node:timers/promises';
import { bandOf } from '../allocation/segment-lines.ts';
import type { Inventory } from '../inventory/service.ts';
import type { Found } from './availability.ts';
import { averagePriceMilliFen, type PricedCell } from './line-price.ts';
import { sharePpm, startOf, type Supply } from './supply.ts';
import type { Wish } from './wish.ts';

type PriceOf = (cell: Parameters<Awaited<ReturnType<Inventory['prices']>>>[0]) => number;
type Priced = Pick<Wish, 'segment' | 'product' | 'dayCapTouches'>;

/** Prices that are looked up in one turn of the event loop. */
const pricesPerTurn = 10_000;

/** What a touch costs on average where it is going to be, in thousandths of a fen. */
export async function quotedPriceMilliFen(
  found: Found,
  wish: Priced,
  supply: Supply,
  priceOf: PriceOf,
): Promise<number> {
  const cells: PricedCell[] = [];
  for (const cell of pricedCells(found, wish, supply, priceOf)) {
    cells.push(cell);
    if (cells.length % pricesPerTurn === 0) await breathe();
  }
  return averagePriceMilliFen(cells);
}

function* pricedCells(
  found: Found,
  { segment, product, dayCapTouches }: Priced,
  supply: Supply,
  priceOf: PriceOf,
): Generator<PricedCell> {
  const { inventory, places, horizon } = supply;
  const partOf = takenParts(found, { segment, isCapped: dayCapTouches !== null }, supply);
  for (const cell of found.reach.cells) {
    const [place, halfHour] = [Math.floor(cell / horizon.count), cell % horizon.count];
    const where = places[place];
    if (!where) continue;
    const share = sharePpm(supply, place, halfHour, segment);
    const touches = inventory.supplyMilliTouches[cell] ?? 0;
    const expectedMilli = (touches * partOf(share) * share) / 1_000_000;
    const { communityId, placement } = where;
    const at = startOf(supply, halfHour);
    yield { expectedMilli, touchPriceFen: priceOf({ communityId, placement, at, segment, product }) };
  }
}

/**
 * Which part of the touches of a half-hour is taken, by what one counts for the segment there: as the quoted lines say, evenly within each. All of it, which is
 * as even, for everybody and where nothing is left.
 */
function takenParts(
  { reach, quote }: Found,
  { segment, isCapped }: { readonly segment: Wish['segment']; readonly isCapped: boolean },
  supply: Supply,
): (sharePpm: number) => number {
  const lines = quote.sold?.lines ?? [];
  if (lines.length === 0) return () => 1;
  // One line of all that is at least as good, where days are capped.
  const last = isCapped ? (lines[0]?.band ?? 0) : 0;
  const lineOf = (share: number): number => (isCapped ? (bandOf(share) <= last ? last : -1) : bandOf(share));
  const audience = new Map<number, number>();
  const { count } = supply.horizon;
  for (const cell of reach.cells) {
    const band = lineOf(sharePpm(supply, Math.floor(cell / count), cell % count, segment));
    const touches = supply.inventory.supplyMilliTouches[cell] ?? 0;
    audience.set(band, (audience.get(band) ?? 0) + touches);
  }
  const parts = new Map(lines.map(({ band, milliTouches }) => [band, milliTouches / (audience.get(band) ?? 1)]));
  return (share) => parts.get(lineOf(share)) ?? 0;
}
