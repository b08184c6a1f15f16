import type { z } from 'zod';
import type { Page, Paging } from '../platform/contract.ts';
import type { Merchant, newMerchant, newStore, Store, storePatch } from './contract.ts';
import type {
  CommunitiesNamed,
  MerchantProfile,
  merchantApproval,
  merchantRejection,
  merchantSignUp,
  payee,
  SignedUp,
} from './sign-up-contract.ts';

/** What the merchants slice answers, for the typed client. */
export interface MerchantEndpoints {
  'GET /v1/merchants': { query: Paging; result: Page<Merchant> };
  'POST /v1/merchants': { body: z.input<typeof newMerchant>; result: Merchant };
  'POST /v1/merchant-sign-ups': { body: z.input<typeof merchantSignUp>; result: SignedUp };
  'GET /v1/merchant-sign-ups/communities': { query: { name: string }; result: CommunitiesNamed };
  'GET /v1/merchant-profile': { result: MerchantProfile };
  'PUT /v1/merchant-profile/licence': { query: { number: string }; body: Blob; result: MerchantProfile };
  'PUT /v1/merchant-profile/payee': { body: z.input<typeof payee>; result: MerchantProfile };
  'POST /v1/merchant-profile/apply': { result: MerchantProfile };
  'GET /v1/merchant-applications': {
    query: Paging & { status?: MerchantProfile['status'] };
    result: Page<MerchantProfile>;
  };
  'POST /v1/merchants/:id/approve': { body: z.input<typeof merchantApproval>; result: MerchantProfile };
  'POST /v1/merchants/:id/reinstate': { result: MerchantProfile };
  'POST /v1/merchants/:id/reject': { body: z.input<typeof merchantRejection>; result: MerchantProfile };
  'POST /v1/merchants/:id/suspend': { body: z.input<typeof merchantRejection>; result: MerchantProfile };
  'GET /v1/stores': { query: Paging & { communityId?: string }; result: Page<Store> };
  'PATCH /v1/stores/:id': { body: z.input<typeof storePatch>; result: Store };
  'POST /v1/stores': { body: z.input<typeof newStore>; result: Store };
}
