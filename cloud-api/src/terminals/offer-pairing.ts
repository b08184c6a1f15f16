import { createHash } from 'node:crypto';
import { elapsed, type InstantMs } from '@gatecast/firmware-protocol';
import type { Suitor } from '@gatecast/firmware-protocol/messages';
import type { Communities } from '../communities/service.ts';
import type { Reads } from '../platform/db/store.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import { seenMs } from './offer-rules.ts';
import type { OfferRow } from './offer-store.ts';

/** Codes are stored by their hash alone. */
export const offerCodeHash = (code: string): string => createHash('sha256').update(`offer|${code}`).digest('base64url');

/** Somebody typed its code not long ago. */
export const isKept = ({ seenAt, codeHash }: OfferRow, now: InstantMs): boolean =>
  codeHash === null && seenAt !== null && elapsed(seenAt, now) < seenMs;

/** What a machine will pin if it becomes one of the company's terminals. */
export type SuitorOf = (q: Reads, companyId: string) => Promise<Suitor>;

export const suitors =
  ({ signer }: Platform, communities: Communities): SuitorOf =>
  async (q, companyId) => ({
    company: (await communities.companyNames(q, [companyId])).get(companyId) ?? '',
    doorAuthority: await signer.publicKey(q, 'door-authority', companyId),
    timeKey: await signer.publicKey(q, 'checkpoint', platformOwner),
  });
