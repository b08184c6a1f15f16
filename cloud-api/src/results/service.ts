import { instant } from '@gatecast/firmware-protocol';
import type { z } from 'zod';
import { localDateOf } from '../audience/local-day.ts';
import type { Campaigns } from '../campaigns/service.ts';
import type { Communities } from '../communities/service.ts';
import type { Exposures } from '../exposure/service.ts';
import type { As } from '../platform/auth.ts';
import { dateOfNumber } from '../platform/db/local-days.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Language } from '../platform/language.ts';
import type { Page } from '../platform/contract.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import { earnedBy } from '../billing/earned-by.ts';
import { traceSums } from '../attribution/campaign-sums.ts';
import { scansBy } from '../attribution/scans-by.ts';
import type { SheetFile } from '../platform/sheet-files.ts';
import type { CampaignFunnel, CampaignResult, resultQuery } from './contract.ts';
import { daysAsked, homeZone, inZones, type Asked } from './days-asked.ts';
import { partlyCounted } from './expected-part.ts';
import { resultSheet, type ResultRow } from './result-sheet.ts';
import { joinFigures } from './rules.ts';
import { funnelOf, showResult } from './view.ts';

type Reader = As<'operator' | 'merchant'>;
type Days = z.output<typeof resultQuery>;

export interface Results {
  /** Of all campaigns, in the order of their list. */
  list(who: Reader, paging: Paging): Promise<Page<CampaignFunnel>>;
  /** Rejects with `not-found` for a campaign that is not the caller's. */
  of(who: Reader, campaignId: string, days: Days): Promise<CampaignResult>;
  /** By day and community. Rejects with `not-found`, `result-too-large` and `too-many-requests`. */
  file(
    who: Reader,
    campaignId: string,
    asked: Days & { readonly language: Language; readonly kind: 'csv' | 'xlsx' },
  ): Promise<{ readonly file: SheetFile; readonly from: string; readonly to: string }>;
}

export interface ResultParts {
  readonly campaigns: Pick<Campaigns, 'about' | 'lineItemsOf' | 'list'>;
  readonly communities: Pick<Communities, 'about'>;
  readonly exposures: Pick<Exposures, 'days' | 'byPlacement' | 'sums' | 'sumsBy'>;
}

/** Days of communities in one file. */
export const fileRowsMax = 10_000;
/** Communities, days or line items that are added up at once. */
const groupsMax = 20_000;

export function createResults(platform: Platform, parts: ResultParts): Results {
  const { store, clock, audit } = platform;
  const campaignOf = async (who: Reader, id: string) => {
    const campaign = (await parts.campaigns.about(store.read, [id])).get(id);
    if (!campaign || (who.role === 'merchant' && campaign.merchantId !== who.merchantId)) throw notFound('campaign');
    return campaign;
  };
  const ask = async (who: Reader, id: string, days: Days) => {
    const campaign = await campaignOf(who, id);
    const lineItems = await parts.campaigns.lineItemsOf(store.read, id);
    const places = await parts.communities.about(
      store.read,
      lineItems.flatMap(({ communityIds }) => communityIds),
    );
    const found = [...new Set([...places.values()].map(({ zone }) => zone))];
    const zones = found.length > 0 ? found : [homeZone];
    const asked = daysAsked(days, {
      zones,
      // A campaign has begun where it is still the day before, and it is tomorrow already where today is over.
      first: zones.map((zone) => localDateOf(campaign.createdAt, zone)).reduce((a, b) => (a < b ? a : b)),
      today: zones.map((zone) => localDateOf(clock.now(), zone)).reduce((a, b) => (a > b ? a : b)),
    });
    return { campaign, lineItems, asked };
  };
  return {
    async list(who, paging) {
      const { items, nextCursor } = await parts.campaigns.list(who, paging);
      const ids = items.map(({ id }) => id);
      const shown = await parts.exposures.sums(store.read, ids);
      const scanned = await traceSums(store.read, ids, { from: instant(0), to: clock.now() });
      return { items: ids.map((id) => funnelOf(id, shown.get(id), scanned.get(id))), nextCursor };
    },
    async of(who, id, days) {
      const { campaign, lineItems, asked } = await ask(who, id, days);
      const sums = await sumsOf(platform, parts, id, asked);
      const names = await parts.communities.about(store.read, [...sums.byCommunity.keys()]);
      return showResult({ campaign, lineItems, asked, names, ...sums });
    },
    async file(who, id, { language, kind, ...days }) {
      const { asked, lineItems } = await ask(who, id, days);
      const rows = await rowsOf(platform, parts, id, asked);
      const { from, to } = asked;
      await store.tx((q) =>
        audit(q, { who, action: 'campaign.export', subject: id, facts: { from, to, kind, rows: rows.length } }),
      );
      const sheet = resultSheet(rows, partlyCounted(lineItems), language);
      return { file: await platform.makeSheetFile({ sheet, kind }), from, to };
    },
  };
}

async function sumsOf({ store }: Platform, { exposures }: ResultParts, campaignId: string, asked: Asked) {
  const q = store.read;
  const { from, to } = asked;
  const own = { campaignId, from, to };
  const [places, dates] = [await exposures.sumsBy(q, 'communityId', own), await exposures.sumsBy(q, 'day', own)];
  const scanned = {
    places: await inZones(asked, (days) => scansBy(q, campaignId, days, ['communityId'], groupsMax)),
    dates: await inZones(asked, (days) => scansBy(q, campaignId, days, ['day'], groupsMax)),
  };
  const billed = {
    places: await inZones(asked, (days) => earnedBy(q, campaignId, days, ['communityId'], groupsMax)),
    dates: await inZones(asked, (days) => earnedBy(q, campaignId, days, ['day'], groupsMax)),
  };
  return {
    placements: await exposures.byPlacement(q, own),
    all: (await exposures.sums(q, [campaignId], { from, to })).get(campaignId),
    byLineItem: await inZones(asked, (days) => earnedBy(q, campaignId, days, ['bookingId'], groupsMax)),
    byCommunity: joinFigures([
      ...places.map((row) => [row.communityId, row] as const),
      ...scanned.places.map((row) => [row.communityId, row] as const),
      ...billed.places.map(({ communityId, fen }) => [communityId, { earnedFen: fen }] as const),
    ]),
    byDay: joinFigures([
      ...dates.map((row) => [row.day, row] as const),
      ...scanned.dates.map(({ day, ...row }) => [dateOfNumber(day), row] as const),
      ...billed.dates.map(({ day, fen }) => [dateOfNumber(day), { earnedFen: fen }] as const),
    ]),
  };
}

/** By day, and by name within a day. */
async function rowsOf(
  { store }: Platform,
  { communities, exposures }: ResultParts,
  campaignId: string,
  asked: Asked,
): Promise<ResultRow[]> {
  const q = store.read;
  const { from, to } = asked;
  const keys = ['day', 'communityId'] as const;
  const take = fileRowsMax + 1;
  const shown = await exposures.days(q, { campaignId, from, to }, take);
  const scans = await inZones(asked, (days) => scansBy(q, campaignId, days, keys, take));
  const earned = await inZones(asked, (days) => earnedBy(q, campaignId, days, keys, take));
  const keyOf = (day: string, communityId: string): string => `${day} ${communityId}`;
  const found = joinFigures([
    ...shown.map((row) => [keyOf(row.day, row.communityId), row] as const),
    ...scans.map(({ day, communityId, ...row }) => [keyOf(dateOfNumber(day), communityId), row] as const),
    ...earned.map(({ day, communityId, fen }) => [keyOf(dateOfNumber(day), communityId), { earnedFen: fen }] as const),
  ]);
  if (found.size > fileRowsMax) throw refusal('result-too-large', 'too many rows for one file; choose fewer days');
  const split = [...found].map(([key, figures]) => {
    const [day = '', communityId = ''] = key.split(' ');
    return { day, communityId, figures };
  });
  const names = await communities.about(
    q,
    split.map(({ communityId }) => communityId),
  );
  return split
    .map(({ day, communityId, figures }) => ({
      ...figures,
      day,
      communityId,
      communityName: names.get(communityId)?.name ?? '',
    }))
    .toSorted(
      (a, b) => order(a.day, b.day) || order(a.communityName, b.communityName) || order(a.communityId, b.communityId),
    )
    .map(({ communityId: _id, ...row }) => row);
}

const order = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
