import { z } from 'zod';
import { permitBytesMax, scanTypes } from '../content/permit-contract.ts';
import { amountFen, atMs, id, pageQuery, placement } from '../platform/contract.ts';
import { disputeStatuses, invoiceStatuses, parties } from './rules.ts';

/** The bill of one line item for one local month. Prepaid: nothing is asked for, it says what was earned of what was paid. */
export const invoice = z.object({
  id,
  bookingId: id,
  campaignId: id,
  campaignName: z.string(),
  merchantId: id,
  month: z.string(),
  status: z.enum(invoiceStatuses),
  lines: z.int(),
  verifiedMilliTouches: z.int(),
  /** Reached, of a line item that stops at so many; null: it counts touches. */
  people: z.int().nullable(),
  /** Of the lines; of one that was issued as it was issued. Negative where corrections of earlier months outweigh it. */
  totalFen: z.int(),
  creditedFen: amountFen,
  createdAt: atMs,
  issuedAt: atMs.nullable(),
  /** The last moment in which a line can be disputed; null while it is a draft. */
  disputableUntil: atMs.nullable(),
});
export type Invoice = z.infer<typeof invoice>;

export const invoicesQuery = pageQuery.extend({
  campaignId: id.optional(),
  status: z.enum(invoiceStatuses).optional(),
});

/** One half-hour of a community, or what changed of it. Never edited. */
export const invoiceLine = z.object({
  id,
  kind: z.enum(['exposure', 'correction', 'closing', 'credit', 'offset']),
  communityId: id,
  communityName: z.string(),
  at: atMs,
  /** `any`: at doors of more than one kind. */
  placement: z.union([placement, z.literal('any')]),
  segment: z.string(),
  /** The part of a touch that counted for the segment, on average. */
  expectedPpm: z.int(),
  /** Of the exposure report that it stands on; 0: of none. */
  reportVersion: z.int(),
  rendered: z.int(),
  viewable: z.int(),
  completed: z.int(),
  filtered: z.array(z.object({ reason: z.string(), plays: z.int() })),
  missingScreens: z.int(),
  verifiedMilliTouches: z.int(),
  /** Residents who opted in and were reached, of a line item that stops at so many people: its verified touches are 0, and the price is of one of them. Null: of touches. */
  people: z.int().nullable(),
  touchPriceMilliFen: z.int(),
  amountFen: z.int(),
  creditNoteId: id.nullable(),
  madeAt: atMs,
  /** The newest dispute about it. */
  disputeId: id.nullable(),
});
export type InvoiceLine = z.infer<typeof invoiceLine>;

export const newDispute = z.object({ lineId: id, reason: z.string().trim().min(2).max(500) });

/** What stands behind a line. No time of a play: a merchant is not to tell who came home when. */
const evidence = z.object({
  versions: z.array(
    z.object({
      version: z.int(),
      madeAt: atMs,
      rendered: z.int(),
      viewable: z.int(),
      verifiedMilliTouches: z.int(),
      /** That the line item reached, if it stops at so many. */
      people: z.int(),
      filtered: z.array(z.object({ reason: z.string(), plays: z.int() })),
      missingScreens: z.int(),
    }),
  ),
  /** Null: the plays are no longer kept. */
  screens: z
    .array(
      z.object({
        /** From 1 on. */
        screen: z.int(),
        plays: z.int(),
        viewable: z.int(),
        firstSeq: z.int(),
        lastSeq: z.int(),
        /** Of the last of these rows in the screen's hash chain; null: it is no longer kept. */
        rowHash: z.string().nullable(),
        /** The first countersigned checkpoint at or behind it. */
        checkpoint: z.object({ seq: z.int(), hash: z.string(), kid: z.string() }).nullable(),
      }),
    )
    .nullable(),
});
export type Evidence = z.infer<typeof evidence>;

export const dispute = z.object({
  id,
  invoiceId: id,
  merchantId: id,
  status: z.enum(disputeStatuses),
  reason: z.string(),
  createdAt: atMs,
  /** Until then it is to be decided. */
  dueAt: atMs,
  isOverdue: z.boolean(),
  /** Undecided until then, it ends by itself: the merchant is held to be right. */
  silenceEndsAt: atMs,
  /** That is how it ended. */
  isBySilence: z.boolean(),
  decidedAt: atMs.nullable(),
  /** Why it was decided so. */
  note: z.string().nullable(),
  line: invoiceLine,
  credit: z
    .object({
      id,
      amountFen,
      /** Whether the money has arrived. */
      refund: z.enum(['wanted', 'done']),
    })
    .nullable(),
});
export type Dispute = z.infer<typeof dispute>;
export const disputeWithEvidence = dispute.extend({ evidence });
export type DisputeWithEvidence = z.infer<typeof disputeWithEvidence>;
export const disputesQuery = pageQuery.extend({ status: z.enum(disputeStatuses).optional() });
export const disputeUpheld = z.object({
  note: z.string().trim().min(2).max(500),
  /** Default: all that the half-hour still bills. */
  amountFen: z.int().positive().optional(),
});
export const disputeRefused = disputeUpheld.pick({ note: true });

/** What the screens of a community brought in a quarter. Sums alone: whose adverts they were is nobody's business here. */
export const quarterIncome = z.object({
  quarter: z.string(),
  incomeFen: z.int(),
  managementFen: z.int(),
  ownersFen: z.int(),
  paidOwnersFen: amountFen,
  paidManagementFen: amountFen,
  /** Of the owners, at the end. */
  owedOwnersFen: z.int(),
  /** Null: the quarter runs. */
  publishedAt: atMs.nullable(),
});
export type QuarterIncome = z.infer<typeof quarterIncome>;
/** Newest first. */
export const publicIncome = z.object({ communityName: z.string(), quarters: z.array(quarterIncome).readonly() });
export type PublicIncome = z.infer<typeof publicIncome>;

export const payout = z.object({
  id,
  party: z.enum(parties),
  amountFen,
  paidOn: z.string(),
  createdAt: atMs,
  /** Signed for an hour. */
  fileUrl: z.string(),
  fileType: z.enum(scanTypes),
});
export const ownersAccount = z.object({
  communityId: id,
  communityName: z.string(),
  /** Owed now. */
  owedOwnersFen: z.int(),
  owedManagementFen: z.int(),
  /** The running quarter first. */
  quarters: z.array(quarterIncome).readonly(),
  payouts: z.array(payout).readonly(),
});
export type OwnersAccount = z.infer<typeof ownersAccount>;
export const newPayoutQuery = z.object({
  party: z.enum(parties),
  amountFen: z.coerce.number().int().positive().max(100_000_000_00),
  paidOn: z.iso.date(),
});
export const payoutBytesMax = permitBytesMax;
