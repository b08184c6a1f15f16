import { allocate, fen, invariant, newId, type InstantMs } from '@gatecast/firmware-protocol';
import { eq, sql } from 'drizzle-orm';
import { cellsOfReport, type ReportedCell } from '../campaigns/cells.ts';
import { findLineItem, type BookingRow } from '../campaigns/line-item-ends.ts';
import type { Communities } from '../communities/service.ts';
import { expectedPartPpm, milliOfLineItems, wholePpm } from '../exposure/line-parts.ts';
import type { Exposures, ReportRow } from '../exposure/service.ts';
import { unitOf } from '../inventory/products.ts';
import type { Inventory, OwnersShare } from '../inventory/service.ts';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { Settlement } from '../settlement/service.ts';
import { giveCredit } from './credit.ts';
import { draftFor, issue } from './invoices.ts';
import {
  lessOf,
  lineFen,
  offsetOf,
  splitCredit,
  splitOfLine,
  type LineKind,
  type Standing,
  type Disputed,
} from './rules.ts';
import * as rows from './store.ts';

export interface BillParts {
  readonly communities: Pick<Communities, 'get'>;
  readonly exposures: Pick<Exposures, 'reports'>;
  readonly inventory: Pick<Inventory, 'ownersShareAt'>;
  readonly settlement: Pick<Settlement, 'earn' | 'wantedBack' | 'refundPart'>;
}

/** Bills what the newest report of a half-hour says, to each line item that had a part in it; a report that was billed is not billed again. */
export async function billHalfHour(platform: Platform, parts: BillParts, q: Tx, key: rows.CellKey): Promise<void> {
  const [report] = [...(await parts.exposures.reports(q, [key])).values()].flatMap((versions) => versions.slice(-1));
  if (!report) return;
  const byBooking = [...Map.groupBy(await cellsOfReport(q, key), ({ bookingId }) => bookingId)];
  const verified = milliOfLineItems(
    report,
    byBooking.map(([, cells]) => cells),
  );
  for (const [n, [bookingId, cells]] of byBooking.entries()) {
    const booking = await findLineItem(q, bookingId);
    if (booking) await billLine(platform, parts, q, { booking, cells, report, verifiedMilli: verified[n] ?? 0 });
  }
}

interface Billed {
  readonly booking: BookingRow;
  readonly cells: readonly ReportedCell[];
  readonly report: ReportRow;
  readonly verifiedMilli: number;
}

async function billLine(platform: Platform, parts: BillParts, q: Tx, billed: Billed): Promise<void> {
  const { booking, report, verifiedMilli } = billed;
  const { communityId, at } = report;
  await openBill(platform, q, booking);
  const before = await rows.linesOfCell(q, { bookingId: booking.id, communityId, at });
  if (before.some(({ reportVersion }) => reportVersion >= report.version)) return;
  const added = verifiedMilli - before.reduce((sum, line) => sum + line.verifiedMilli, 0);
  if (before.length > 0 && added === 0) return;
  const { standing, sums } = await standingOf(parts, q, booking);
  const disputed = disputedOf(before);
  const amountFen = lineFen(standing, added, Math.max(0, disputed.givenFen - disputed.offsetFen));
  const offsetFen = offsetOf(amountFen, disputed);
  const [first] = before;
  if (await rows.isClosed(q, booking.id)) {
    // What is told after the end and is more is a present; what is less goes back, and is noted also where it is less than a touch: several are one.
    if (added < 0 && first)
      await restateClosed(platform, parts, q, { ...billed, added, amountFen, offsetFen, before, first });
    return;
  }
  // What was billed without anybody's share is corrected without it too.
  const share = first?.decisionId === null ? null : await parts.inventory.ownersShareAt(q, communityId, at);
  const kind: LineKind = before.length === 0 ? 'exposure' : 'correction';
  const invoice = await draftFor(platform, parts, q, booking, at);
  await addLine(platform, parts, q, booking, {
    ...lineOf(booking, billed.cells, report),
    invoiceId: invoice.id,
    kind,
    verifiedMilli: added,
    people: unitOf(booking.product) === 'people' ? added / 1_000 : null,
    amountFen,
    ...splitBeside(sums, communityId, share, amountFen),
  });
  if (offsetFen === 0) return;
  const { sums: now } = await standingOf(parts, q, booking);
  await addLine(platform, parts, q, booking, {
    ...lineOf(booking, billed.cells, report),
    ...noFigures,
    invoiceId: invoice.id,
    kind: 'offset',
    people: unitOf(booking.product) === 'people' ? 0 : null,
    amountFen: offsetFen,
    ...splitBeside(now, communityId, share, offsetFen),
  });
}

/** `lines`: of a half-hour, the oldest first. */
function disputedOf(lines: readonly rows.LineRow[]): Disputed {
  const byDispute = lines.filter(({ kind, reportVersion }) => reportVersion === 0 && kind !== 'closing');
  const [first] = byDispute;
  const since = lines.filter(
    (line) => first && line.reportVersion !== 0 && line.kind !== 'exposure' && line.madeAt >= first.madeAt,
  );
  const total = (some: readonly rows.LineRow[]) => some.reduce((sum, { amountFen }) => sum + amountFen, 0);
  return {
    givenFen: 0 - total(byDispute.filter(({ amountFen, kind }) => kind === 'credit' && amountFen < 0)),
    offsetFen: total(byDispute.filter(({ amountFen, kind }) => kind === 'offset' || amountFen > 0)),
    lessFen: 0 - total(since),
  };
}

interface Restated extends Billed {
  readonly added: number;
  readonly amountFen: number;
  readonly offsetFen: number;
  /** The lines of the half-hour, and the oldest of them. */
  readonly before: readonly rows.LineRow[];
  readonly first: rows.LineRow;
}

/** After the end of a bill: what the half-hour is worth less goes back, but for what a dispute has given back of it. */
async function restateClosed(platform: Platform, parts: BillParts, q: Tx, restated: Restated): Promise<void> {
  const { booking, report, added, amountFen, offsetFen, before, first } = restated;
  const people = first.people === null ? null : added / 1_000;
  const line = { ...first, verifiedMilli: added, people, reportVersion: report.version, ...figuresOf(report, booking) };
  const bills = (await rows.billsOf(q, booking.id)).map((bill) => ({
    ...bill,
    ofHalfHourFen: before
      .filter(({ invoiceId }) => invoiceId === bill.invoiceId)
      .reduce((sum, one) => sum + one.amountFen, 0),
  }));
  const [[invoiceId, firstFen] = [first.invoiceId, 0], ...others] = splitCredit(0 - amountFen - offsetFen, bills);
  const restatement = { reason: 'restated', disputeId: null };
  const one = { line: { ...line, invoiceId }, amountFen: fen(firstFen), offsetFen: fen(offsetFen) };
  await giveCredit(platform, parts, q, booking, { ...one, ...restatement });
  const nothing = { verifiedMilli: 0, people: first.people === null ? null : 0 };
  for (const [other, otherFen] of others) {
    const further = { ...line, ...nothing, invoiceId: other, reportVersion: 0 - report.version };
    await giveCredit(platform, parts, q, booking, { line: further, amountFen: fen(otherFen), ...restatement });
  }
}

/** Of a line that no report is of. */
const noFigures = {
  reportVersion: 0,
  rendered: 0,
  viewable: 0,
  completed: 0,
  filtered: {},
  missing: 0,
  verifiedMilli: 0,
};

/** Serialises whatever is billed of a line item. */
async function openBill({ clock }: Platform, q: Tx, { id, merchantId }: BookingRow): Promise<void> {
  await q.lock(`billing:${id}`);
  await q.insert(q.t.bookingBills).values({ bookingId: id, merchantId, createdAt: clock.now() }).onConflictDoNothing();
}

export async function standingOf(
  { settlement }: Pick<BillParts, 'settlement'>,
  q: Tx,
  { id, priceFen, touches, paymentId }: BookingRow,
): Promise<{ readonly standing: Standing; readonly sums: readonly rows.Sums[] }> {
  const sums = await rows.sumsOf(q, id);
  const total = (what: 'verifiedMilli' | 'billedFen' | 'incomeFen') => sums.reduce((sum, one) => sum + one[what], 0);
  const standing = {
    priceFen,
    touches,
    verifiedMilli: total('verifiedMilli'),
    billedFen: total('billedFen'),
    earnedFen: total('incomeFen'),
    refundedFen: await settlement.wantedBack(q, paymentId),
  };
  return { standing, sums };
}

const nobody = { incomeFen: 0, ownersFen: 0, managementFen: 0 };

function splitBeside(
  sums: readonly rows.Sums[],
  communityId: string,
  share: OwnersShare | null,
  amountFen: number,
): Pick<rows.LineRow, 'decisionId' | 'ownersFen' | 'managementFen'> {
  if (!share) return { decisionId: null, ownersFen: 0, managementFen: 0 };
  const { decisionId } = share;
  const before = sums.find((one) => one.communityId === communityId && one.decisionId === decisionId) ?? nobody;
  return { decisionId, ...splitOfLine(before, amountFen, share) };
}

const figuresOf = (report: ReportRow, { product, segment }: Pick<BookingRow, 'product' | 'segment'>) => ({
  rendered: report.rendered,
  viewable: report.viewable,
  completed: report.completed,
  filtered: report.filtered,
  missing: report.missing,
  // Whoever opted in was surely there.
  expectedPpm: unitOf(product) === 'people' ? wholePpm : expectedPartPpm(report, segment),
});

/** Known where the line item plays at doors of one kind then. */
function placementOf(cells: readonly Pick<ReportedCell, 'placement'>[]): rows.LineRow['placement'] {
  const [first, ...others] = new Set(cells.map(({ placement }) => placement));
  return first !== undefined && others.length === 0 ? first : 'any';
}

const lineOf = (booking: BookingRow, cells: readonly ReportedCell[], report: ReportRow) => ({
  bookingId: booking.id,
  campaignId: booking.campaignId,
  communityId: report.communityId,
  at: report.at,
  placement: placementOf(cells),
  reportVersion: report.version,
  segment: booking.segment,
  touchPriceMilliFen: Math.round((booking.priceFen * 1_000) / booking.touches),
  ...figuresOf(report, booking),
  creditNoteId: null,
});

async function addLine(
  { clock }: Platform,
  { settlement }: Pick<BillParts, 'settlement'>,
  q: Tx,
  { paymentId }: BookingRow,
  line: Omit<rows.LineRow, 'id' | 'madeAt'>,
): Promise<void> {
  const id = newId('invoiceLine');
  await q.insert(q.t.invoiceLines).values({ ...line, id, madeAt: clock.now() });
  const { communityId, amountFen, ownersFen, managementFen } = line;
  await settlement.earn(q, {
    kind: 'slot-earned',
    paymentId,
    businessNo: id,
    communityId,
    amountFen,
    ownersFen,
    managementFen,
  });
}

/**
 * Ends the bill of a line item that is settled: what was neither earned nor sent back goes back, what was sent back beyond that is let off, and what is left of
 * the bill is issued. Then earned and sent back are what was paid.
 */
export async function closeBill(platform: Platform, parts: BillParts, q: Tx, bookingId: string): Promise<void> {
  const booking = await findLineItem(q, bookingId);
  invariant(booking, 'a bill is of a line item');
  await openBill(platform, q, booking);
  if (await rows.isClosed(q, bookingId)) return;
  const { standing, sums } = await standingOf(parts, q, booking);
  const rest = standing.priceFen - standing.refundedFen - standing.earnedFen;
  if (rest > 0) await parts.settlement.refundPart(q, booking.paymentId, { name: 'unearned', amountFen: fen(rest) });
  if (rest < 0) await letOff(platform, parts, q, { booking, sums, amountFen: 0 - rest });
  const t = q.t.bookingBills;
  await q.update(t).set({ closedAt: platform.clock.now() }).where(eq(t.bookingId, bookingId));
  for (const draft of await rows.draftsOf(q, bookingId)) await issue(platform, q, draft);
}

/** Each community's income falls in proportion. */
async function letOff(
  platform: Platform,
  parts: BillParts,
  q: Tx,
  {
    booking,
    sums,
    amountFen,
  }: { readonly booking: BookingRow; readonly sums: readonly rows.Sums[]; readonly amountFen: number },
): Promise<void> {
  const at: InstantMs = platform.clock.now();
  const invoice = await draftFor(platform, parts, q, booking, at);
  const off = allocate(
    fen(amountFen),
    sums.map((one) => Math.max(0, one.incomeFen)),
  );
  for (const [n, one] of sums.entries()) {
    const part = off[n] ?? 0;
    if (part === 0) continue;
    const { ownersFen, managementFen } = lessOf(one, part);
    await addLine(platform, parts, q, booking, {
      invoiceId: invoice.id,
      bookingId: booking.id,
      campaignId: booking.campaignId,
      communityId: one.communityId,
      at,
      placement: 'any',
      kind: 'closing',
      segment: booking.segment,
      expectedPpm: 0,
      ...noFigures,
      people: unitOf(booking.product) === 'people' ? 0 : null,
      touchPriceMilliFen: 0,
      amountFen: 0 - part,
      decisionId: one.decisionId,
      ownersFen,
      managementFen,
      creditNoteId: null,
    });
  }
}

/** Notes that there is something to bill, in the transaction that reports it. */
export async function markReport(q: Tx, { campaignId, communityId, at, madeAt }: rows.MarkRow): Promise<void> {
  const t = q.t.unbilledReports;
  await q
    .insert(t)
    .values({ campaignId, communityId, at, madeAt })
    .onConflictDoUpdate({ target: [t.campaignId, t.communityId, t.at], set: { madeAt: sql`excluded.made_at` } });
}
