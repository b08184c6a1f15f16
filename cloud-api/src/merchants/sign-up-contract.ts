import { z } from 'zod';
import { newAccount } from '../identity/contract.ts';
import { atMs, id, name, page, pageQuery } from '../platform/contract.ts';
import { newStore, store } from './contract.ts';
import { contactChecks, merchantStatuses, plainCreditCode } from './rules.ts';

/** `POST /v1/merchant-sign-ups`: a store that comes by itself. The rest it hands in as the account that it makes here. */
export const merchantSignUp = z.object({ name, owner: newAccount, store: newStore });
export const signedUp = z.object({ id });
export type SignedUp = z.infer<typeof signedUp>;

/** `GET /v1/merchant-sign-ups/communities?name=…`: where a store may say that it is. */
export const communityNameQuery = z.object({ name: z.string().trim().min(2).max(60) });
export const communitiesNamed = z.object({ items: z.array(z.object({ id, name: z.string() })) });
export type CommunitiesNamed = z.infer<typeof communitiesNamed>;

/** As people write it. Whether its check character is right the handler says, with a code of its own. */
const creditCode = z.string().max(40).transform(plainCreditCode);
/** `PUT /v1/merchant-profile/licence?number=…` with a photo (JPEG, PNG, WebP or AVIF) as body. */
export const licenceQuery = z.object({ number: creditCode });

const blanks = /[\s-]/g;
/** Where a merchant's money goes. It is kept sealed, and no answer has it whole. */
export const payee = z.object({
  holder: z.string().trim().min(2).max(60),
  bank: z.string().trim().min(2).max(60),
  account: z
    .string()
    .max(40)
    .transform((text) => text.replaceAll(blanks, ''))
    .pipe(z.string().regex(/^\d{8,30}$/)),
});
const payeeMask = z.object({ holder: z.string(), bank: z.string(), account: z.string() });

/** A merchant as the operator decides on it, and as it sees itself. */
export const merchantProfile = z.object({
  id,
  name: z.string(),
  status: z.enum(merchantStatuses),
  /** Stable code: why it was rejected or suspended. */
  reason: z.string().nullable(),
  note: z.string().nullable(),
  appliedAt: atMs.nullable(),
  decidedAt: atMs.nullable(),
  licence: z
    .object({
      number: z.string(),
      /** Signed for an hour. */
      photoUrl: z.string(),
      at: atMs,
      /** Other merchants that gave the same number; told to the operator alone. */
      alsoOf: z.array(z.string()),
    })
    .nullable(),
  payee: payeeMask.nullable(),
  /** Who signed up, to be called back; told to the operator alone. */
  owner: z.object({ name: z.string(), email: z.string() }).nullable(),
  /** How it was made sure that this is the merchant, when and by whom; told to the operator alone. */
  contactCheck: z.object({ how: z.enum(contactChecks), at: atMs, by: z.string().nullable() }).nullable(),
  /** What is still to be handed in before anybody can decide. */
  missing: z.array(z.enum(['licence', 'payee'])),
  stores: z.array(store).readonly(),
});
export type MerchantProfile = z.infer<typeof merchantProfile>;

export const applicationsQuery = pageQuery.extend({ status: z.enum(merchantStatuses).default('applied') });
export const applications = page(merchantProfile);

/** `POST /v1/merchants/:id/approve`: how the operator made sure that who signed up is the merchant. */
export const merchantApproval = z.object({ contact: z.enum(contactChecks) });

export const rejectionReasons = [
  'licence-unreadable',
  'licence-not-theirs',
  'licence-expired',
  'wrong-place',
  'not-allowed',
  'other',
] as const;
/** Why the operator says no, or not any more. */
export const merchantRejection = z.object({ reason: z.enum(rejectionReasons), note: z.string().trim().max(300) });
