import { after, fen, instant, minutes, newId } from '@gatecast/firmware-protocol';
import { and, asc, eq, inArray, lte } from 'drizzle-orm';
import type { z } from 'zod';
import { findLineItem } from '../campaigns/line-item-ends.ts';
import type { Exposures } from '../exposure/service.ts';
import type { As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import type { Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { Plays } from '../plays/service.ts';
import type { Settlement } from '../settlement/service.ts';
import type { Dispute, disputesQuery, disputeUpheld, DisputeWithEvidence, newDispute } from './contract.ts';
import { creditable, giveCredit, type CreditParts } from './credit.ts';
import { evidenceOf } from './evidence.ts';
import { decideMs, disputableMs, disputeStatesBefore, silenceIsYesMs, type DisputeStatus } from './rules.ts';
import type { LineView, Reader } from './line-view.ts';
import * as rows from './store.ts';

export interface Disputes {
  /** Rejects with `dispute-too-late`, `dispute-open`, `nothing-to-credit` or `not-found`. */
  open(who: As<'merchant'>, invoiceId: string, about: z.output<typeof newDispute>, call: Call): Promise<Dispute>;
  list(who: Reader, query: z.output<typeof disputesQuery>): Promise<Page<Dispute>>;
  get(who: Reader, id: string): Promise<DisputeWithEvidence>;
  /** Rejects with `dispute-state`, `nothing-to-credit` or `not-found`. */
  uphold(who: As<'operator'>, id: string, decision: z.output<typeof disputeUpheld>, call: Call): Promise<Dispute>;
  refuse(who: As<'operator'>, id: string, note: string, call: Call): Promise<Dispute>;
  withdraw(who: As<'merchant'>, id: string, call: Call): Promise<Dispute>;
  /** Ends those that nobody has decided in time, for the merchant: each in a transaction of its own. */
  endSilent(signal: AbortSignal): Promise<void>;
}

export interface DisputeParts extends CreditParts {
  readonly exposures: Pick<Exposures, 'reports'>;
  readonly plays: Pick<Plays, 'of' | 'keptSince'>;
  readonly settlement: Settlement;
  readonly view: LineView;
}

export function createDisputes(platform: Platform, parts: DisputeParts): Disputes {
  const { store, clock } = platform;
  const show = createDisputeView(platform, parts);
  platform.jobs.handle('billing.silent-disputes', {
    everyMs: minutes(10),
    renewsLease: true,
    run: (_payload, { signal }) => endSilent(platform, parts, signal),
  });
  const shown = async (id: string): Promise<Dispute> => {
    const row = await rows.findDispute(store.read, id);
    if (!row) throw notFound('dispute');
    return show(row);
  };
  const own = async (who: Reader, id: string): Promise<rows.DisputeRow> => {
    const row = await rows.findDispute(store.read, id);
    if (!row || (who.role === 'merchant' && row.merchantId !== who.merchantId)) throw notFound('dispute');
    return row;
  };
  const step = async (who: Reader, id: string, call: Call, to: Exclude<DisputeStatus, 'open'>, note: string | null) => {
    await own(who, id);
    await store.tx((q) =>
      once(q, clock, call, async () => {
        await move(platform, q, who, id, { to, note });
        return id;
      }),
    );
    return shown(id);
  };

  return {
    async open(who, invoiceId, about, call) {
      const id = await store.tx((q) => once(q, clock, call, () => openDispute(platform, q, who, invoiceId, about)));
      return shown(id);
    },
    async list(who, query) {
      const merchantId = who.role === 'merchant' ? who.merchantId : undefined;
      const { rows: found, list } = await rows.listDisputes(store.read, { ...query, merchantId });
      const page = list.page(
        found,
        (row) => row.createdAt,
        (row) => row,
      );
      return { ...page, items: await Promise.all(page.items.map(show)) };
    },
    async get(who, id) {
      const row = await own(who, id);
      const line = await rows.findLine(store.read, row.lineId);
      if (!line) throw notFound('dispute');
      return { ...(await show(row)), evidence: await evidenceOf(store.read, parts, line) };
    },
    async uphold(who, id, { note, amountFen }, call) {
      await store.tx((q) =>
        once(q, clock, call, async () => {
          await uphold(platform, parts, q, who, { id, note, amountFen });
          return id;
        }),
      );
      return shown(id);
    },
    refuse: (who, id, note, call) => step(who, id, call, 'refused', note),
    withdraw: (who, id, call) => step(who, id, call, 'withdrawn', null),
    endSilent: (signal) => endSilent(platform, parts, signal),
  };
}

/** Looked at together. */
const silentMax = 100;

async function endSilent(platform: Platform, parts: DisputeParts, signal: AbortSignal): Promise<void> {
  const { store, clock } = platform;
  const t = store.read.t.disputes;
  for (;;) {
    const silent = await store.read
      .select({ id: t.id })
      .from(t)
      .where(and(eq(t.status, 'open'), lte(t.dueAt, instant(clock.now() - silenceIsYesMs))))
      .orderBy(asc(t.dueAt))
      .limit(silentMax);
    for (const { id } of silent) {
      if (signal.aborted) return;
      await store.tx((q) => endOne(platform, parts, q, id));
    }
    if (silent.length < silentMax) return;
  }
}

async function endOne(platform: Platform, parts: DisputeParts, q: Tx, id: string): Promise<void> {
  const { line, booking } = await disputed(q, id);
  await q.lock(`billing:${booking.id}`);
  // Somebody was quicker, in another process.
  if ((await rows.findDispute(q, id))?.status !== 'open') return;
  const amountFen = await creditable(q, line);
  const credit = { line, amountFen: fen(amountFen), reason: 'no-decision-in-time', disputeId: id };
  // Nothing is left to give where another line of the half-hour was credited meanwhile.
  const given = amountFen > 0 ? { creditNoteId: await giveCredit(platform, parts, q, booking, credit) } : {};
  await move(platform, q, 'system', id, { to: 'upheld', note: null, ...given });
}

async function disputed(q: Tx, id: string) {
  const row = await rows.findDispute(q, id);
  const line = row && (await rows.findLine(q, row.lineId));
  const booking = line && (await findLineItem(q, line.bookingId));
  if (!row || !line || !booking) throw notFound('dispute');
  return { row, line, booking };
}

async function openDispute(
  { clock, audit, events }: Platform,
  q: Tx,
  who: As<'merchant'>,
  invoiceId: string,
  { lineId, reason }: z.output<typeof newDispute>,
): Promise<string> {
  const invoice = await rows.findInvoice(q, invoiceId);
  const line = await rows.findLine(q, lineId);
  if (invoice?.merchantId !== who.merchantId || line?.invoiceId !== invoiceId) throw notFound('invoice line');
  const now = clock.now();
  const { merchantId, issuedAt } = invoice;
  if (issuedAt === null || now >= after(issuedAt, disputableMs))
    throw refusal('dispute-too-late', 'a line can be disputed for a month after its invoice was issued');
  if ((await creditable(q, line)) === 0) throw refusal('nothing-to-credit', 'nothing is billed of this half-hour');
  const id = newId('dispute');
  const row = { id, lineId, invoiceId, merchantId, reason, createdAt: now, dueAt: after(now, decideMs) };
  const [added] = await q
    .insert(q.t.disputes)
    .values({ ...row, status: 'open' })
    .onConflictDoNothing()
    .returning({ id: q.t.disputes.id });
  if (!added) throw refusal('dispute-open', 'this line is disputed already');
  await audit(q, { who, action: 'dispute.open', subject: id, facts: { invoiceId, lineId } });
  await events.emit(q, { type: 'dispute', subject: id, facts: { status: 'open' }, merchantId });
  return id;
}

interface Decision {
  readonly to: Exclude<DisputeStatus, 'open'>;
  readonly note: string | null;
  readonly creditNoteId?: string | null;
}

const verbs = { upheld: 'uphold', refused: 'refuse', withdrawn: 'withdraw' } as const;

async function move(
  { clock, audit, events }: Platform,
  q: Tx,
  who: Reader | 'system',
  id: string,
  { to, note, creditNoteId }: Decision,
): Promise<void> {
  const t = q.t.disputes;
  const decidedBy = who === 'system' ? null : who.accountId;
  const [moved] = await q
    .update(t)
    .set({ status: to, decidedBy, decidedAt: clock.now(), note, ...(creditNoteId && { creditNoteId }) })
    .where(and(eq(t.id, id), inArray(t.status, disputeStatesBefore(to))))
    .returning();
  if (!moved) throw refusal('dispute-state', 'this dispute is decided');
  await audit(q, { who, action: `dispute.${verbs[to]}`, subject: id, facts: { creditNoteId: creditNoteId ?? null } });
  await events.emit(q, { type: 'dispute', subject: id, facts: { status: to }, merchantId: moved.merchantId });
}

async function uphold(
  platform: Platform,
  parts: DisputeParts,
  q: Tx,
  who: As<'operator'>,
  { id, note, amountFen }: { readonly id: string; readonly note: string; readonly amountFen: number | undefined },
): Promise<void> {
  const { row, line, booking } = await disputed(q, id);
  if (row.status !== 'open') throw refusal('dispute-state', 'this dispute is decided');
  await q.lock(`billing:${booking.id}`);
  const most = await creditable(q, line);
  const credited = amountFen ?? most;
  if (credited === 0 || credited > most)
    throw refusal('nothing-to-credit', 'so much is not billed of this half-hour', { mostFen: most });
  const credit = { line, amountFen: fen(credited), reason: note, disputeId: id };
  const creditNoteId = await giveCredit(platform, parts, q, booking, credit);
  await move(platform, q, who, id, { to: 'upheld', note, creditNoteId });
}

function createDisputeView({ store, clock }: Platform, { view, settlement }: DisputeParts) {
  return async (row: rows.DisputeRow): Promise<Dispute> => {
    const { lineId, decidedBy, creditNoteId, ...rest } = row;
    const found = await rows.findLine(store.read, lineId);
    const [line] = found ? await view(store.read, [found]) : [];
    if (!found || !line) throw notFound('dispute');
    const note = creditNoteId === null ? undefined : await rows.findCreditNote(store.read, creditNoteId);
    const booking = note && (await findLineItem(store.read, note.bookingId));
    const isBack =
      note && booking && (await settlement.hasGoneBack(store.read, booking.paymentId, `credit-${note.id}`));
    return {
      ...rest,
      line,
      isOverdue: row.status === 'open' && row.dueAt < clock.now(),
      silenceEndsAt: after(row.dueAt, silenceIsYesMs),
      isBySilence: row.status === 'upheld' && decidedBy === null,
      credit: note ? { id: note.id, amountFen: note.amountFen, refund: isBack ? 'done' : 'wanted' } : null,
    };
  };
}
