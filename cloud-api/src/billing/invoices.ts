import { invariant, newId, type InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, inArray } from 'drizzle-orm';
import type { BookingRow } from '../campaigns/line-item-ends.ts';
import type { Communities } from '../communities/service.ts';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { invoiceStatesBefore, monthOf } from './rules.ts';
import * as rows from './store.ts';

/** The draft that a half-hour belongs to: of its month; once that is issued, of this month. */
export async function draftFor(
  platform: Platform,
  parts: { readonly communities: Pick<Communities, 'get'> },
  q: Tx,
  booking: BookingRow,
  at: InstantMs,
): Promise<rows.InvoiceRow> {
  const { zone } = await parts.communities.get(q, booking.communityId);
  for (const moment of [at, platform.clock.now()]) {
    const invoice = await invoiceOf(platform, q, booking, monthOf(moment, zone));
    if (invoice.status === 'draft') return invoice;
  }
  invariant(false, 'a line item whose bill is open has a draft this month');
}

async function invoiceOf(
  { clock }: Platform,
  q: Tx,
  { id: bookingId, campaignId, merchantId }: BookingRow,
  { month, ends }: ReturnType<typeof monthOf>,
): Promise<rows.InvoiceRow> {
  const about = { bookingId, campaignId, merchantId, month, monthEnds: ends };
  await q
    .insert(q.t.invoices)
    .values({ id: newId('invoice'), ...about, status: 'draft', createdAt: clock.now() })
    .onConflictDoNothing();
  const invoice = await rows.invoiceOfMonth(q, bookingId, month);
  invariant(invoice, 'an invoice that was made is there');
  return invoice;
}

/** Nothing is added to it any more. False if it was issued before. Hold the lock of its line item. */
export async function issue(
  { clock, audit, events }: Platform,
  q: Tx,
  { id, merchantId }: rows.InvoiceRow,
): Promise<boolean> {
  const t = q.t.invoices;
  const issuedFen = (await rows.totalsOf(q, [id])).get(id)?.totalFen ?? 0;
  const moved = await q
    .update(t)
    .set({ status: 'issued', issuedFen, issuedAt: clock.now() })
    .where(and(eq(t.id, id), inArray(t.status, invoiceStatesBefore('issued'))))
    .returning({ id: t.id });
  if (moved.length === 0) return false;
  await audit(q, { who: 'system', action: 'invoice.issue', subject: id, facts: { issuedFen } });
  await events.emit(q, { type: 'invoice', subject: id, facts: { status: 'issued', issuedFen }, merchantId });
  return true;
}
