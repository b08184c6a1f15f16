import { after, days, fen, newId, type InstantMs } from '@gatecast/firmware-protocol';
import type { SoldProduct } from '../inventory/products.ts';
import type { TestApp } from '../test-app.ts';
import { post } from '../settlement/ledger.ts';
import { movement } from '../settlement/rules.ts';
import type { ReportRow } from '../exposure/service.ts';
import { markReport } from './bill.ts';

export interface PaidLineItem {
  readonly id: string;
  readonly campaignId: string;
  readonly paymentId: string;
  readonly merchantId: string;
}

export interface PaidTerms {
  readonly merchantId: string;
  readonly campaignId: string;
  readonly priceFen: number;
  readonly touches: number;
  readonly cells: readonly { readonly communityId: string; readonly at: InstantMs; readonly plannedMilli: number }[];
  readonly product?: SoldProduct;
  /** When it runs; default: one half-hour that is not over while a test lasts: who ends it is the test. */
  readonly span?: { readonly from: InstantMs; readonly to: InstantMs };
  /** Where it may play; default: where its plan begins. */
  readonly communityIds?: readonly string[];
  /** As versions before this one took the money: for income at once. */
  readonly isOld?: boolean;
}

/** A line item that was paid, with its plan: how one is held and paid is another test's matter. */
export async function paidLineItem(world: TestApp, terms: PaidTerms): Promise<PaidLineItem> {
  const { merchantId, campaignId, priceFen, touches, cells, product = 'touches', span, isOld = false } = terms;
  const [id, paymentId, now] = [newId('booking'), newId('payment'), world.clock.now()];
  const communityIds = [...new Set(terms.communityIds ?? cells.slice(0, 1).map((cell) => cell.communityId))];
  const [communityId] = communityIds;
  if (communityId === undefined) throw new Error('a line item plays somewhere');
  const at = span?.from ?? after(now, days(90));
  const people = product === 'ten-people' ? touches : null;
  const bought = { product, people, sharePpm: product === 'share' ? 200_000 : null, toAt: span?.to ?? null };
  const pays = { storeId: null, description: 'advert', expiresAt: now, createdAt: now };
  const transactionId = `tx-${paymentId}`;
  await world.store.tx(async (q) => {
    const payment = { id: paymentId, subjectKind: 'booking', subjectId: id, amountFen: priceFen, ...pays };
    await q.insert(q.t.payments).values({ ...payment, status: 'paid' });
    const receipt = { transactionId, paymentId, amountFen: priceFen, refundNo: transactionId, receivedAt: now };
    await q.insert(q.t.receipts).values({ ...receipt, applied: true, refund: 'none' });
    const postings = movement(fen(priceFen), 'provider-cash:platform', isOld ? 'platform-income' : 'deferred-income');
    await post(q, world.clock, { kind: 'slot-payment', businessNo: transactionId, postings });
    const line = { id, campaignId, merchantId, communityId, at, touches, priceFen, paymentId, createdAt: now };
    await q.insert(q.t.bookings).values({ ...line, ...bought, status: 'paid', holdUntil: now });
    await q.insertMany(
      q.t.bookingPlaces,
      communityIds.map((place) => ({ bookingId: id, communityId: place })),
    );
    await q.insertMany(
      q.t.bookingCells,
      cells.map((cell) => ({ bookingId: id, campaignId, merchantId, placement: 'gate' as const, ...cell })),
    );
  });
  return { id, campaignId, paymentId, merchantId };
}

const noCounts = { people: null, panelOn: 0, ambient: 0, shownMs: 0, framesPresented: 0, framesDropped: 0 };

/** Says what a campaign got in a half-hour, as the exposure slice writes it. */
export async function told(
  world: TestApp,
  key: Pick<ReportRow, 'campaignId' | 'communityId' | 'at' | 'version'>,
  verifiedMilliTouches: number,
): Promise<void> {
  const plays = Math.ceil(verifiedMilliTouches / 1_000);
  const counts = { rendered: plays + 2, viewable: plays, completed: plays, verifiedMilliTouches, ...noCounts };
  const row = { ...key, ...counts, filtered: { repeat: 2 }, missing: 0, madeAt: world.clock.now() };
  await world.store.tx(async (q) => {
    await q.insert(q.t.exposureReports).values(row);
    await markReport(q, row);
  });
}
