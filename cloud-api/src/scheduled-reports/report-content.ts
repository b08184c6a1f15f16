import { after, days, instant, type InstantMs } from '@gatecast/firmware-protocol';
import { noTraces } from '../attribution/campaign-sums.ts';
import type { Traces } from '../attribution/traces.ts';
import { localDay } from '../audience/local-day.ts';
import type { Billing } from '../billing/service.ts';
import type { Campaigns } from '../campaigns/service.ts';
import type { Exposures } from '../exposure/service.ts';
import type { Reads } from '../platform/db/store.ts';
import { partlyCounted } from '../results/expected-part.ts';
import type { ReportContent, ReportFigures } from './contract.ts';
import type { Period } from './rules.ts';

export interface ContentParts {
  readonly campaigns: Pick<Campaigns, 'about' | 'ran'>;
  readonly exposures: Pick<Exposures, 'sums'>;
  readonly traces: Pick<Traces, 'sums'>;
  readonly billing: Pick<Billing, 'billedFen'>;
}

/** Campaigns that a report names. */
export const campaignsNamedMax = 500;
/** A community's day begins and ends so far from another's, at most. */
const zonesApart = days(1);

/** What came of a merchant's campaigns in a period, as known now; null where nothing of it ran. */
export async function reportContent(
  q: Reads,
  { campaigns, exposures, traces, billing }: ContentParts,
  asked: { readonly merchantId: string; readonly period: Period; readonly zone: string },
): Promise<ReportContent | null> {
  const { merchantId, period, zone } = asked;
  const span = spanOf(period, zone);
  const wide = { from: instant(span.from - zonesApart), to: after(span.to, zonesApart) };
  const ids = await campaigns.ran.campaignsIn(q, merchantId, wide);
  const shown = await exposures.sums(q, ids, { from: period.from, to: period.to });
  const ran = ids.filter((id) => (shown.get(id)?.halfHours ?? 0) > 0);
  if (ran.length === 0) return null;
  const [names, scanned, billed] = [
    await campaigns.about(q, ran),
    await traces.sums(q, ran, span),
    await billing.billedFen(q, ran, span),
  ];
  const found = ran.map((campaignId) => {
    const sums = shown.get(campaignId);
    return {
      campaignId,
      campaignName: names.get(campaignId)?.name ?? '',
      verifiedMilliTouches: sums?.verifiedMilliTouches ?? 0,
      people: sums?.people ?? 0,
      viewable: sums?.viewable ?? 0,
      silentHalfHours: sums?.silentHalfHours ?? 0,
      ...(scanned.get(campaignId) ?? noTraces),
      earnedFen: billed.get(campaignId) ?? 0,
    };
  });
  const inOrder = found.toSorted((a, b) => b.verifiedMilliTouches - a.verifiedMilliTouches || byId(a, b));
  const kinds = await campaigns.ran.kindsIn(q, merchantId, wide);
  return {
    segments: partlyCounted(kinds.filter(({ campaignId }) => ran.includes(campaignId))),
    totals: totalOf(found),
    campaigns: inOrder.slice(0, campaignsNamedMax),
    campaignsLeftOut: Math.max(0, found.length - campaignsNamedMax),
  };
}

const byId = (a: { campaignId: string }, b: { campaignId: string }): number => (a.campaignId < b.campaignId ? -1 : 1);

/** From the first day's midnight to the last one's, by the clocks of the zone. */
export const spanOf = (
  { from, to }: Pick<Period, 'from' | 'to'>,
  zone: string,
): { readonly from: InstantMs; readonly to: InstantMs } => ({
  from: localDay(from, zone).from,
  to: localDay(to, zone).to,
});

const noFigures: ReportFigures = {
  verifiedMilliTouches: 0,
  people: 0,
  viewable: 0,
  silentHalfHours: 0,
  scans: 0,
  orders: 0,
  pickedUp: 0,
  orderFen: 0,
  earnedFen: 0,
};

/** All campaigns together. Persons whom several of them reached are in it for each, as each is paid for. */
export function totalOf(figures: readonly ReportFigures[]): ReportFigures {
  const names = Object.keys(noFigures) as (keyof ReportFigures)[];
  const entries = names.map((name) => [name, figures.reduce((sum, one) => sum + one[name], 0)]);
  return Object.fromEntries(entries) as ReportFigures;
}

/** Whether every half-hour of a local day that the merchant bought is reported. */
export async function isReported(
  q: Reads,
  { campaigns, exposures }: Pick<ContentParts, 'campaigns' | 'exposures'>,
  { merchantId, day, zone }: { readonly merchantId: string; readonly day: string; readonly zone: string },
): Promise<boolean> {
  const span = spanOf({ from: day, to: day }, zone);
  const bought = await campaigns.ran.halfHoursIn(q, merchantId, span);
  if (bought === 0) return true;
  const sums = await exposures.sums(q, await campaigns.ran.campaignsIn(q, merchantId, span), { from: day, to: day });
  return [...sums.values()].reduce((all, { halfHours }) => all + halfHours, 0) >= bought;
}
