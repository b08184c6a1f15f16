import {
  days,
  fen,
  hours,
  instant,
  invariant,
  localTime,
  zonedInstant,
  type Fen,
  type InstantMs,
} from '@gatecast/firmware-protocol';

/** `exposure`: what a half-hour's first report says; `correction`: what a later one changes of it; `closing`: what is let off so that earned and sent back are what was paid; `credit`: what was given back after the bill; `offset`: of a correction, what a dispute had given back before. */
export type LineKind = 'exposure' | 'correction' | 'closing' | 'credit' | 'offset';

/** `credited`: all of it. */
export const invoiceStatuses = ['draft', 'issued', 'credited'] as const;
export type InvoiceStatus = (typeof invoiceStatuses)[number];
export const invoiceTransitions: Readonly<Record<InvoiceStatus, readonly InvoiceStatus[]>> = {
  draft: ['issued'],
  issued: ['credited'],
  credited: [],
};

export const disputeStatuses = ['open', 'upheld', 'refused', 'withdrawn'] as const;
export type DisputeStatus = (typeof disputeStatuses)[number];
export const disputeTransitions: Readonly<Record<DisputeStatus, readonly DisputeStatus[]>> = {
  open: ['upheld', 'refused', 'withdrawn'],
  upheld: [],
  refused: [],
  withdrawn: [],
};

/** The states from which `to` can be reached, for `UPDATE … WHERE status IN (…)`. */
export const disputeStatesBefore = (to: DisputeStatus): DisputeStatus[] =>
  disputeStatuses.filter((from) => disputeTransitions[from].includes(to));
export const invoiceStatesBefore = (to: InvoiceStatus): InvoiceStatus[] =>
  invoiceStatuses.filter((from) => invoiceTransitions[from].includes(to));

/** Who gets a part of the income besides the platform. */
export const parties = ['owners', 'management'] as const;
export type Party = (typeof parties)[number];

/** A month is billed once its last half-hour must have been reported, and that report billed. */
export const issueAfterMs = hours(36);
/** So long after an invoice was issued a line of it can be disputed. */
export const disputableMs = days(30);
/** So long the operator has for deciding. */
export const decideMs = days(10);
/** Nobody decided for so long after that: the merchant is held to be right, and gets back what the half-hour still bills. */
export const silenceIsYesMs = days(5);

export interface Sold {
  readonly priceFen: number;
  readonly touches: number;
}

/**
 * What a line item has earned once so much of it is verified: whole touches, at most those that were bought, rounded down once. The same rule as
 * `refundDueFen` of the campaigns, so that what is earned and what goes back make up the price.
 */
export function earnedFen({ priceFen, touches }: Sold, verifiedMilli: number): Fen {
  invariant(touches > 0, 'a line item is of something');
  const whole = Math.min(touches, Math.floor(Math.max(0, verifiedMilli) / 1_000));
  return fen(Number((BigInt(priceFen) * BigInt(whole)) / BigInt(touches)));
}

export interface Standing extends Sold {
  /** Verified so far in all lines. */
  readonly verifiedMilli: number;
  /** The sum of all lines but credits, and of all. */
  readonly billedFen: number;
  readonly earnedFen: number;
  /** Wanted back of the payment. */
  readonly refundedFen: number;
}

/**
 * What a further line is worth: what the whole is worth with it, less what it was worth without. So every line is priced once, none ever changes, and
 * they add up exactly. Never more than is left of the payment, nor less than was earned, with what a dispute has given back of the half-hour already (`givenFen`).
 */
export function lineFen(standing: Standing, addedMilli: number, givenFen = 0): Fen {
  const due = earnedFen(standing, standing.verifiedMilli + addedMilli) - standing.billedFen;
  const left = Math.max(0, standing.priceFen - standing.refundedFen - standing.earnedFen);
  return fen(due > 0 ? Math.min(due, left) : Math.max(due, 0 - standing.earnedFen - givenFen));
}

/** What disputes about a half-hour have changed, besides what its reports say. */
export interface Disputed {
  /** Given back by disputes. */
  readonly givenFen: number;
  /** Of it, what corrections have counted as theirs. */
  readonly offsetFen: number;
  /** So much less than at the first of the disputes is billed by reports since. */
  readonly lessFen: number;
}

/**
 * What a correction changes of the offset: nobody gets the same touches back twice, from a dispute and from a report that is told lower afterwards; and where
 * it is told higher again, what a dispute gave is the dispute's again.
 */
export const offsetOf = (amountFen: number, { givenFen, offsetFen, lessFen }: Disputed): number =>
  Math.min(givenFen, Math.max(0, lessFen - amountFen)) - offsetFen;

/** A bill that something may be given back of. */
export interface Credited {
  readonly invoiceId: string;
  /** What is left of it after all that was given back of it. */
  readonly billsFen: number;
  /** Of it, what it bills of the half-hour that is told lower. */
  readonly ofHalfHourFen: number;
}

/**
 * Of which bills it goes back that a half-hour is worth less: what was billed last first. As the lines of a line item are priced together, a half-hour can lose
 * more than its own lines bill; the rest is then of what the bills have of others. None gives more than it bills. `bills`: the newest first.
 */
export function splitCredit(backFen: number, bills: readonly Credited[]): Map<string, number> {
  const parts = new Map<string, number>();
  let left = backFen;
  const take = ({ invoiceId, billsFen }: Credited, atMost: number): void => {
    const had = parts.get(invoiceId) ?? 0;
    const more = Math.min(left, billsFen - had, atMost);
    if (more <= 0) return;
    parts.set(invoiceId, had + more);
    left -= more;
  };
  for (const bill of bills) take(bill, bill.ofHalfHourFen);
  for (const bill of bills) take(bill, left);
  invariant(left === 0, 'no more goes back than is billed');
  return parts;
}

export interface Shares {
  readonly ownersSharePpm: number;
  readonly managementPpm: number;
}
export interface Split {
  readonly ownersFen: number;
  readonly managementFen: number;
}
const ppm = (of: number, part: number): number => Number((BigInt(of) * BigInt(part)) / 1_000_000n);

/** What of an income is whose: the management's cost first, of the rest the owners' share, both rounded down; what is left is the platform's. */
export function splitIncome(incomeFen: number, { ownersSharePpm, managementPpm }: Shares): Split {
  const managementFen = ppm(incomeFen, managementPpm);
  return { managementFen, ownersFen: ppm(incomeFen - managementFen, ownersSharePpm) };
}

/** The split of a further line, so that all lines of a line item in a community are split together and nobody loses by rounding each. */
export function splitOfLine(before: Split & { readonly incomeFen: number }, amountFen: number, shares: Shares): Split {
  const whole = splitIncome(before.incomeFen + amountFen, shares);
  return { ownersFen: whole.ownersFen - before.ownersFen, managementFen: whole.managementFen - before.managementFen };
}

/** `2026-11`, and when it ends. */
export function monthOf(at: InstantMs, zone: string): { readonly month: string; readonly ends: InstantMs } {
  const month = localTime(at, zone).date.slice(0, 7);
  const [year = 0, of = 0] = month.split('-').map(Number);
  const next = of === 12 ? `${year + 1}-01` : `${year}-${String(of + 1).padStart(2, '0')}`;
  return { month, ends: zonedInstant(`${next}-01`, 0, zone) };
}

export interface Quarter {
  /** `2026-Q4`. */
  readonly name: string;
  readonly from: InstantMs;
  readonly to: InstantMs;
}

/** The quarter that a moment lies in, by the clocks of that zone; half-open. */
export function quarterOf(at: InstantMs, zone: string): Quarter {
  const [year = 0, month = 1] = localTime(at, zone).date.split('-').map(Number);
  const no = Math.ceil(month / 3);
  const firstOf = (y: number, q: number) => zonedInstant(`${y}-${String(q * 3 - 2).padStart(2, '0')}-01`, 0, zone);
  return {
    name: `${year}-Q${no}`,
    from: firstOf(year, no),
    to: no === 4 ? firstOf(year + 1, 1) : firstOf(year, no + 1),
  };
}

export const quarterBefore = (quarter: Quarter, zone: string): Quarter => quarterOf(instant(quarter.from - 1), zone);

/** What changes of everybody's part when so much of an income is let off: in proportion and rounded down, so that together they never have more than there is. */
export function lessOf(
  { incomeFen, ownersFen, managementFen }: Split & { readonly incomeFen: number },
  offFen: number,
): Split {
  const kept = (part: number): number => Number((BigInt(part) * BigInt(incomeFen - offFen)) / BigInt(incomeFen));
  return { ownersFen: kept(ownersFen) - ownersFen, managementFen: kept(managementFen) - managementFen };
}
