import { halfHourMs, type InstantMs } from '@gatecast/firmware-protocol';
import type { Segment } from '@gatecast/firmware-protocol/messages';
import type { DaySums } from '../exposure/service.ts';
import { unitOf, type SoldProduct } from '../inventory/products.ts';
import { noTraces, type TraceSums } from '../attribution/campaign-sums.ts';
import type { CampaignFunnel, CampaignResult } from './contract.ts';
import type { Asked } from './days-asked.ts';
import { partlyCounted } from './expected-part.ts';
import { addUp, costOf, costOfTouch, wholeTouches, type ResultFigures } from './rules.ts';

/** In one answer; the file has all of them. */
const communitiesMax = 500;
const daysMax = 400;
const lineItemsMax = 200;

export interface Found {
  readonly campaign: { readonly id: string; readonly name: string };
  readonly lineItems: readonly LineItem[];
  readonly asked: Pick<Asked, 'from' | 'to'>;
  readonly names: ReadonlyMap<string, { readonly name: string }>;
  readonly all: DaySums | undefined;
  readonly placements: CampaignResult['placements'];
  readonly byLineItem: readonly { readonly bookingId: string; readonly verifiedMilli: number; readonly fen: number }[];
  readonly byCommunity: ReadonlyMap<string, ResultFigures>;
  readonly byDay: ReadonlyMap<string, ResultFigures>;
}
interface LineItem {
  readonly id: string;
  readonly at: InstantMs;
  readonly toAt: InstantMs | null;
  readonly product: SoldProduct;
  readonly segment: Segment;
  readonly touches: number;
  readonly priceFen: number;
  readonly refundedFen: number;
}

export function showResult(found: Found): CampaignResult {
  const { campaign, names, byCommunity, byDay } = found;
  const lineItems = lineItemsOf(found).toSorted((a, b) => b.at - a.at);
  const communities = [...byCommunity]
    .map(([communityId, own]) => ({
      communityId,
      communityName: names.get(communityId)?.name ?? '',
      ...shown(own),
    }))
    .toSorted((a, b) => b.verifiedMilliTouches - a.verifiedMilliTouches || b.people - a.people || b.scans - a.scans);
  const days = [...byDay].map(([day, own]) => ({ day, ...shown(own) })).toSorted((a, b) => (a.day < b.day ? 1 : -1));
  return {
    campaignId: campaign.id,
    campaignName: campaign.name,
    from: found.asked.from,
    to: found.asked.to,
    totals: totalsOf(found),
    segments: partlyCounted(found.lineItems),
    placements: found.placements,
    lineItems: lineItems.slice(0, lineItemsMax),
    communities: communities.slice(0, communitiesMax),
    days: days.slice(0, daysMax),
    left: {
      lineItems: Math.max(0, lineItems.length - lineItemsMax),
      communities: Math.max(0, communities.length - communitiesMax),
      days: Math.max(0, days.length - daysMax),
    },
  };
}

/** Of one of which nothing is known, nothing. */
export function funnelOf(
  campaignId: string,
  shown: DaySums | undefined,
  scanned: TraceSums = noTraces,
): CampaignFunnel {
  const { scans, orders, pickedUp } = scanned;
  const touches = wholeTouches(shown?.verifiedMilliTouches ?? 0);
  return { campaignId, touches, people: shown?.people ?? 0, scans, orders, pickedUp };
}

const shown = (figures: ResultFigures) => ({ ...figures, touches: wholeTouches(figures.verifiedMilliTouches) });

function totalsOf({ all, byCommunity, byLineItem, lineItems }: Found): CampaignResult['totals'] {
  const totals = shown(addUp(byCommunity.values()));
  const units = new Map(lineItems.map(({ id, product }) => [id, unitOf(product)]));
  const earnedIn = (unit: 'touches' | 'people') =>
    byLineItem.reduce((sum, { bookingId, fen }) => sum + ((units.get(bookingId) ?? 'touches') === unit ? fen : 0), 0);
  return {
    ...totals,
    halfHours: all?.halfHours ?? 0,
    silentHalfHours: all?.silentHalfHours ?? 0,
    paidFen: lineItems.reduce((sum, { priceFen }) => sum + priceFen, 0),
    refundedFen: lineItems.reduce((sum, { refundedFen }) => sum + refundedFen, 0),
    costPerTouchFen: costOfTouch(earnedIn('touches'), totals.verifiedMilliTouches),
    costPerPersonFen: costOf(earnedIn('people'), totals.people),
    costPerScanFen: costOf(totals.earnedFen, totals.scans),
    costPerOrderFen: costOf(totals.earnedFen, totals.orders),
    costPerPickUpFen: costOf(totals.earnedFen, totals.pickedUp),
  };
}

function lineItemsOf({ byLineItem, lineItems }: Found): CampaignResult['lineItems'] {
  const billed = Map.groupBy(byLineItem, ({ bookingId }) => bookingId);
  return lineItems.map(({ id, at, toAt, product, touches, priceFen }) => {
    const own = billed.get(id) ?? [];
    const gotMilli = own.reduce((sum, { verifiedMilli }) => sum + verifiedMilli, 0);
    const earnedFen = own.reduce((sum, { fen }) => sum + fen, 0);
    return {
      bookingId: id,
      at,
      toAt: toAt ?? at + halfHourMs,
      unit: unitOf(product),
      bought: touches,
      got: wholeTouches(gotMilli),
      earnedFen,
      paidFen: priceFen,
      costFen: costOfTouch(earnedFen, gotMilli),
    };
  });
}
