import { after, halfHourMs, newId, zonedInstant, type InstantMs } from '@gatecast/firmware-protocol';
import { noSums } from '../exposure/day-sums.ts';
import type { TestApp } from '../test-app.ts';

const zone = 'Asia/Shanghai';

export interface Told {
  readonly merchantId: string;
  readonly communityId: string;
  readonly day: string;
  /** Bought from noon on. */
  readonly halfHours: number;
  /** Of these. */
  readonly reported: number;
  readonly touches: number;
}

/** A campaign that ran on a day, with what exposures, scans, orders and bills say of it, as their slices write it. Answers its id. */
export async function ranOn({ store, clock }: TestApp, told: Told, name = '草莓季'): Promise<string> {
  const { merchantId, communityId, day, halfHours, reported, touches } = told;
  const [campaignId, bookingId, invoiceId] = [newId('campaign'), newId('booking'), newId('invoice')];
  const [now, noon] = [clock.now(), zonedInstant(day, 720, zone)];
  const ats = Array.from({ length: halfHours }, (_, n) => (noon + n * halfHourMs) as InstantMs);
  await store.tx(async (q) => {
    await q.lock('campaign-no');
    const no = (await q.select({ no: q.t.campaigns.no }).from(q.t.campaigns)).length + 1;
    const made = { merchantId, clipId: newId('clip'), dealId: null, createdAt: now };
    await q.insert(q.t.campaigns).values({ id: campaignId, no, name, ...made });
    const sold = { campaignId, merchantId, communityId };
    const line = {
      ...sold,
      at: noon,
      toAt: after(noon, halfHourMs),
      touches,
      priceFen: 10_000,
      status: 'paid' as const,
    };
    await q.insert(q.t.bookings).values({ id: bookingId, ...line, holdUntil: now, paymentId: 'x', createdAt: now });
    const cells = ats.map((at) => ({ ...sold, bookingId, at, placement: 'any' as const, plannedMilli: 1 }));
    await q.insertMany(q.t.bookingCells, cells);
    const counts = { ...noSums, halfHours: reported, viewable: touches, verifiedMilliTouches: touches * 1_000 };
    if (reported > 0) await q.insert(q.t.exposureDays).values({ campaignId, communityId, day, ...counts });
    const month = { month: day.slice(0, 7), monthEnds: now, status: 'draft' as const, createdAt: now };
    await q.insert(q.t.invoices).values({ id: invoiceId, bookingId, campaignId, merchantId, ...month });
    const kind = { placement: 'any', kind: 'exposure', segment: 'all' } as const;
    const plays = { expectedPpm: 1_000_000, rendered: touches, viewable: touches, completed: touches, filtered: {} };
    const shares = { ownersFen: 0, managementFen: 0, touchPriceMilliFen: 20_000, amountFen: touches * 20 };
    const key = { id: newId('invoiceLine'), invoiceId, bookingId, campaignId, communityId, at: noon, reportVersion: 1 };
    const sums = { missing: 0, verifiedMilli: touches * 1_000, madeAt: now };
    await q.insert(q.t.invoiceLines).values({ ...key, ...kind, ...plays, ...shares, ...sums });
  });
  return campaignId;
}

/** Somebody scanned a campaign's code, and perhaps bought. */
export async function scanned(
  { store, clock }: TestApp,
  {
    campaignId,
    merchantId,
    communityId,
    day,
  }: Pick<Told, 'merchantId' | 'communityId' | 'day'> & { campaignId: string },
  order: { readonly status: 'paid' | 'picked-up' | 'refunded'; readonly totalFen: number } | null,
): Promise<void> {
  const [visitId, at] = [newId('visit'), zonedInstant(day, 740, zone)];
  const there = { terminalId: newId('terminal'), entranceId: newId('entrance'), communityId };
  await store.tx(async (q) => {
    const code = { halfHour: at, clipPrefix: 'x', dealId: null, at };
    await q.insert(q.t.visits).values({ id: visitId, campaignId, merchantId, ...there, ...code });
    if (!order) return;
    const { status, totalFen } = order;
    const sold = { dealId: newId('deal'), storeId: newId('store'), residentId: newId('resident'), quantity: 1 };
    const paid = { unitPriceFen: totalFen, totalFen, paymentId: 'x', payUntil: at, createdAt: at };
    const pickedUpAt = status === 'picked-up' ? clock.now() : null;
    const who = { merchantId, visitId, buyerMasked: '王**', pickedUpAt };
    await q.insert(q.t.orders).values({ id: newId('order'), ...sold, ...paid, ...who, status });
  });
}
