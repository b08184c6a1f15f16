import { fen, newId, type Fen } from '@gatecast/firmware-protocol';
import { and, eq, gte, inArray, sql } from 'drizzle-orm';
import type { BookingRow } from '../campaigns/line-item-ends.ts';
import type { Inventory } from '../inventory/service.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { Settlement } from '../settlement/service.ts';
import { invoiceStatesBefore, splitOfLine } from './rules.ts';
import * as rows from './store.ts';

export interface CreditParts {
  readonly inventory: Pick<Inventory, 'ownersShareAt'>;
  readonly settlement: Pick<Settlement, 'earn' | 'refundPart'>;
}

export interface Credit {
  /** The line that it is of, with what changes of it. */
  readonly line: rows.LineRow;
  readonly amountFen: Fen;
  /** Of a restatement, what a dispute had given back before: it moves no money, and is given for the report from now on. */
  readonly offsetFen?: Fen;
  readonly reason: string;
  /** Null: a report was restated. */
  readonly disputeId: string | null;
}

/** What can still be given back of a line: what its bill bills of that half-hour, and no more than the half-hour, the bill and the line item have left. */
export async function creditable(q: Reads, line: rows.LineRow): Promise<number> {
  const ofHalfHour = await rows.linesOfCell(q, line);
  const bills = await rows.billsOf(q, line.bookingId);
  const sum = (some: readonly { readonly amountFen: number }[]) => some.reduce((all, one) => all + one.amountFen, 0);
  return Math.max(
    0,
    Math.min(
      sum(ofHalfHour),
      sum(ofHalfHour.filter(({ invoiceId }) => invoiceId === line.invoiceId)),
      bills.find(({ invoiceId }) => invoiceId === line.invoiceId)?.billsFen ?? 0,
      bills.reduce((all, { billsFen }) => all + billsFen, 0),
    ),
  );
}

/** Gives back what an issued invoice billed: a credit note, a line that takes back its part of everybody's income, and the money. Null where no money moves. Hold the lock of the line item. */
export async function giveCredit(
  { clock, events }: Platform,
  { inventory, settlement }: CreditParts,
  q: Tx,
  booking: BookingRow,
  { line, amountFen, offsetFen = fen(0), reason, disputeId }: Credit,
): Promise<string | null> {
  const { invoiceId, communityId, at } = line;
  const { id: bookingId, merchantId, paymentId } = booking;
  const id = amountFen > 0 ? newId('creditNote') : null;
  if (id !== null) {
    const note = { id, invoiceId, bookingId, merchantId, amountFen, reason, disputeId, createdAt: clock.now() };
    await q.insert(q.t.creditNotes).values(note);
  }
  const share = line.decisionId === null ? null : await inventory.ownersShareAt(q, communityId, at);
  const before = (await rows.sumsOf(q, bookingId)).find(
    (one) => one.communityId === communityId && one.decisionId === (share?.decisionId ?? null),
  );
  const none = { ownersFen: 0, managementFen: 0 };
  const split = share && before ? splitOfLine(before, 0 - amountFen, share) : none;
  const isRestated = disputeId === null;
  const lineId = newId('invoiceLine');
  await q.insert(q.t.invoiceLines).values({
    ...line,
    id: lineId,
    kind: 'credit',
    reportVersion: isRestated ? line.reportVersion : 0,
    verifiedMilli: isRestated ? line.verifiedMilli : 0,
    people: isRestated || line.people === null ? line.people : 0,
    amountFen: 0 - amountFen - offsetFen,
    decisionId: share?.decisionId ?? null,
    ...split,
    creditNoteId: id,
    madeAt: clock.now(),
  });
  if (offsetFen > 0) {
    const moved = { reportVersion: 0, verifiedMilli: 0, amountFen: offsetFen, ownersFen: 0, managementFen: 0 };
    const its = { id: newId('invoiceLine'), kind: 'credit' as const, creditNoteId: null, madeAt: clock.now() };
    await q.insert(q.t.invoiceLines).values({
      ...line,
      ...moved,
      ...its,
      people: line.people === null ? null : 0,
      decisionId: share?.decisionId ?? null,
    });
  }
  if (id === null) return null;
  const taken = { amountFen: 0 - amountFen, ...split };
  await settlement.earn(q, { kind: 'slot-credit', paymentId, businessNo: lineId, communityId, ...taken });
  await settlement.refundPart(q, paymentId, { name: `credit-${id}`, amountFen });
  await noteCredit(q, invoiceId, amountFen);
  await events.emit(q, { type: 'invoice', subject: invoiceId, facts: { status: 'credited', amountFen }, merchantId });
  return id;
}

async function noteCredit(q: Tx, invoiceId: string, amountFen: number): Promise<void> {
  const t = q.t.invoices;
  await q
    .update(t)
    .set({ creditedFen: sql`${t.creditedFen} + ${amountFen}` })
    .where(eq(t.id, invoiceId));
  await q
    .update(t)
    .set({ status: 'credited' })
    .where(
      and(eq(t.id, invoiceId), inArray(t.status, invoiceStatesBefore('credited')), gte(t.creditedFen, t.issuedFen)),
    );
}
