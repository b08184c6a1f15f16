import { z } from 'zod';
import { base64url, instantMs } from './fields.ts';
import { claimResponse, rawKey } from './provisioning.ts';

/*
 * How a terminal on a wall that nobody has claimed yet finds its property: it offers itself to the cloud, shows the code that comes back, and asks
 * again and again what became of it. What it signs, it signs with the key that it was born with.
 */

/** Crockford's base 32 (no I, L, O, U): nothing that is read aloud or typed is mistaken for something else. */
export const offerCode = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{8}$/);

/** Twenty digits in five groups, the same at both ends if and only if nobody has changed a key on the way; see `pairingDigits`. */
export const pairingDigitsText = z.string().regex(/^\d{4}( \d{4}){4}$/);

/** `POST /v1/terminals/offers/challenge` */
export const offerChallengeRequest = z.object({ identityKey: rawKey });
export const offerChallengeResponse = z.object({ nonce: base64url.max(100) });

/** `POST /v1/terminals/offers`: asked every few seconds by a terminal without a claim; the same keys are the same offer. */
export const offerRequest = z.object({
  identityKey: rawKey,
  sealingKey: rawKey,
  /** Of the machine, such as `rk3568-21`. */
  model: z.string().min(1).max(40),
  agentVersion: z.string().max(40),
  /** The digits on the terminal's screen now; null while it shows none. */
  shown: pairingDigitsText.nullable(),
  nonce: base64url.max(100),
  /** The identity key's signature over `offerPreimage`, in the context `offerContext`. */
  signature: base64url.max(100),
});
export type OfferRequest = z.infer<typeof offerRequest>;

export const offerContext = 'gatecast-offer-v1';
export const offerPreimage = (offer: Omit<OfferRequest, 'signature'>): string =>
  JSON.stringify([offer.nonce, offer.identityKey, offer.sealingKey, offer.model, offer.agentVersion, offer.shown]);

/** What a terminal pins for good if the digits on both ends are the same. */
export const suitorKeys = claimResponse.pick({ doorAuthority: true, timeKey: true });

/** Who is about to claim the terminal: the property company's name, and its keys. */
const suitor = suitorKeys.extend({ company: z.string().max(200) });
export type Suitor = z.infer<typeof suitor>;

/** What became of an offer. `nonce` is for the next question. */
export const offerResponse = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('waiting'),
    nonce: base64url.max(100),
    /** Works once, until somebody has typed it or it ends. */
    code: offerCode,
    expiresAt: instantMs,
    /** How long it is still good: the terminal's clock may be anything. */
    expiresInMs: z.int().nonnegative(),
    /** Where a phone is led by the QR code; the code is in it. */
    url: z.url().max(300),
  }),
  z.object({ state: z.literal('seen'), nonce: base64url.max(100), suitor }),
  /** Also the answer to a terminal that was claimed and lost the answer: whoever holds the key may ask again. */
  z.object({ state: z.literal('claimed'), claim: claimResponse }),
]);
export type OfferResponse = z.infer<typeof offerResponse>;

export const pairingContext = 'gatecast-pairing-v1';

/** What the digits stand for: both of the terminal's keys and both of the keys that it will pin. */
export const pairingPreimage = (
  terminal: { readonly identityKey: string; readonly sealingKey: string },
  { doorAuthority, timeKey }: Pick<Suitor, 'doorAuthority' | 'timeKey'>,
): string =>
  JSON.stringify([
    terminal.identityKey,
    terminal.sealingKey,
    doorAuthority.kid,
    doorAuthority.publicKey,
    timeKey.kid,
    timeKey.publicKey,
  ]);
