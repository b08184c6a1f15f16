import { fen, invariant, type Clock, type Fen } from '@gatecast/firmware-protocol';
import { eq, sql } from 'drizzle-orm';
import type { Reads, Tx } from '../platform/db/store.ts';
import * as ledger from './ledger.ts';
import { accounts, earningPostings, movement, type EarnedParts, type OwnedAccount } from './rules.ts';
import { findReceipt } from './store.ts';

/** Adverts are paid in advance: what is paid is owed until it is earned. */
export interface Earning extends EarnedParts {
  readonly paymentId: string;
  /** Of the line that it stands on: the same one earns once. */
  readonly businessNo: string;
  readonly communityId: string;
  /** A credit takes back what was earned before. */
  readonly kind: 'slot-earned' | 'slot-credit';
}

/** False if it was earned before. */
export async function earn(q: Tx, clock: Clock, earning: Earning): Promise<boolean> {
  const { paymentId, businessNo, communityId, kind, ...parts } = earning;
  const postings = earningPostings(communityId, parts);
  if (postings.length === 0) return false;
  await deferOldPayment(q, clock, paymentId);
  return ledger.post(q, clock, { kind, businessNo, postings });
}

/**
 * Earlier versions took an advert's money for income when it came. Before anything of such a payment is earned or goes back, it becomes deferred once,
 * so that both go one way; what was posted then stays.
 */
export async function deferOldPayment(q: Tx, clock: Clock, paymentId: string): Promise<void> {
  const receipt = await findReceipt(q, { appliedTo: paymentId });
  invariant(receipt, 'only what was paid is earned or goes back');
  const paid = await ledger.postingsOf(q, 'slot-payment', receipt.transactionId);
  const old = paid.find(({ account }) => account === accounts.platformIncome);
  if (!old) return;
  const postings = movement(fen(0 - old.amountFen), accounts.platformIncome, accounts.deferredIncome);
  await ledger.post(q, clock, { kind: 'slot-deferral', businessNo: paymentId, postings });
}

/** What is owed to the owners or the management of a community now. */
export async function owedTo(q: Reads, of: OwnedAccount, communityId: string): Promise<number> {
  return 0 - (await ledger.balanceOf(q, accounts.payable(of, communityId)));
}

export interface PaidOut {
  readonly id: string;
  readonly party: OwnedAccount;
  readonly communityId: string;
  readonly amountFen: Fen;
}

/** Notes that what was owed was handed over; the money leaves by the bank, not by the provider. False if so much is not owed. Hold the community's lock. */
export async function payOut(q: Tx, clock: Clock, { id, party, communityId, amountFen }: PaidOut): Promise<boolean> {
  if ((await owedTo(q, party, communityId)) < amountFen) return false;
  const postings = movement(amountFen, accounts.payable(party, communityId), accounts.platformCash);
  return ledger.post(q, clock, { kind: 'owners-payout', businessNo: id, postings });
}

/** How much of a payment somebody wants back or has got back. */
export async function wantedBack(q: Reads, paymentId: string): Promise<Fen> {
  const t = q.t.payments;
  const [row] = await q
    .select({ sum: sql<number>`${t.refundedFen}`.mapWith(Number) })
    .from(t)
    .where(eq(t.id, paymentId));
  return fen(row?.sum ?? 0);
}
