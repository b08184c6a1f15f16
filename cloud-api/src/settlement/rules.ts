import { fen, invariant, type Fen } from '@gatecast/firmware-protocol';
import type { TroubleEnding, TroubleKind } from './trouble-kinds.ts';

export type { TroubleEnding, TroubleKind } from './trouble-kinds.ts';

/** One line of an entry set. Positive: what the account is owed or holds; negative: what it owes or has earned. */
export interface Posting {
  readonly account: string;
  readonly amountFen: Fen;
}

/** What an entry set stands for. With the business number it is unique, so that nothing is posted twice. */
export type EntryKind =
  | 'slot-payment'
  | 'slot-refund'
  /** Of a payment from before adverts were deferred. */
  | 'slot-deferral'
  | 'slot-earned'
  | 'slot-credit'
  | 'owners-payout'
  | 'order-payment'
  | 'order-refund'
  | 'unapplied-payment'
  | 'unapplied-refund';

/** Accounts. The provider holds orders' money for the store and splits it; only advert money is the platform's. */
export const accounts = {
  /** At the provider, in the platform's own merchant account. */
  platformCash: 'provider-cash:platform',
  /** At the provider, in the store's merchant account. */
  storeCash: (storeId: string) => `provider-cash:${storeId}`,
  platformIncome: 'platform-income',
  /** Paid for adverts that have not been shown yet. */
  deferredIncome: 'deferred-income',
  payable: (of: OwnedAccount, communityId: string) => `${of}-payable:${communityId}`,
  storePayable: (storeId: string) => `store-payable:${storeId}`,
  /** Money that came too late, twice or wrong; waits for its refund. */
  buyerUnapplied: (paymentId: string) => `buyer-unapplied:${paymentId}`,
} as const;

/** Who in a community has a part of the income: its owners, and whoever manages it. */
export type OwnedAccount = 'owners' | 'management';

export interface EarnedParts {
  /** Negative where less was earned than had been said. */
  readonly amountFen: number;
  /** Of it. */
  readonly ownersFen: number;
  readonly managementFen: number;
}

/** Takes what was earned out of what is deferred, to whom it belongs. None for nothing. */
export function earningPostings(communityId: string, { amountFen, ownersFen, managementFen }: EarnedParts): Posting[] {
  return [
    { account: accounts.deferredIncome, amountFen: fen(amountFen) },
    { account: accounts.platformIncome, amountFen: fen(ownersFen + managementFen - amountFen) },
    { account: accounts.payable('owners', communityId), amountFen: fen(0 - ownersFen) },
    { account: accounts.payable('management', communityId), amountFen: fen(0 - managementFen) },
  ].filter((posting) => posting.amountFen !== 0);
}

/** Throws InvariantError unless the postings are a proper entry set: two or more whole amounts, none of them zero, together zero. */
export function assertBalanced(postings: readonly Posting[]): void {
  invariant(postings.length >= 2, 'an entry set has at least two sides');
  invariant(
    postings.every((p) => Number.isSafeInteger(p.amountFen) && p.amountFen !== 0),
    'postings are whole and not zero',
  );
  invariant(postings.reduce((sum, p) => sum + p.amountFen, 0) === 0, 'an entry set adds up to zero');
}

/** The entry set that undoes another. */
export const reversed = (postings: readonly Posting[]): Posting[] =>
  postings.map(({ account, amountFen }) => ({ account, amountFen: fen(0 - amountFen) }));

/** Two sides of one movement of money. */
export const movement = (amountFen: Fen, to: string, from: string): Posting[] => [
  { account: to, amountFen },
  { account: from, amountFen: fen(0 - amountFen) },
];

/** Where a payment may go from each state. Money that comes for a closed one is a receipt of its own and goes back. */
export const paymentTransitions = {
  pending: ['paid', 'closed'],
  paid: [],
  closed: [],
} as const satisfies Record<string, readonly string[]>;
export type PaymentStatus = keyof typeof paymentTransitions;

/** The way of received money back to who paid it. */
export const refundTransitions = {
  none: ['wanted'],
  wanted: ['done', 'stuck'],
  /** The provider does not send it back; somebody decides. */
  stuck: ['wanted', 'done'],
  done: [],
} as const satisfies Record<string, readonly string[]>;
export type RefundStatus = keyof typeof refundTransitions;

/** From where a refund can come to `to`. */
export const refundsBefore = (to: RefundStatus): RefundStatus[] =>
  refundStates.filter((from) => (refundTransitions[from] as readonly RefundStatus[]).includes(to));
const refundStates: readonly RefundStatus[] = ['none', 'wanted', 'stuck', 'done'];

const noted: readonly TroubleEnding[] = ['noted'];
/** How a person may end each trouble. Money that does not go back cannot be noted away. */
export const endingsOf: Readonly<Record<TroubleKind, readonly TroubleEnding[]>> = {
  'wrong-amount': noted,
  'wrong-merchant': noted,
  'wrong-app': noted,
  'foreign-merchant': noted,
  'unknown-payment': noted,
  'unknown-refund': noted,
  'refund-stuck': ['asked-again', 'returned-by-hand'],
  'refund-overdue': ['asked-again', 'returned-by-hand', 'noted'],
};
