import { z } from 'zod';
import { base64url, instantMs, terminalId } from './fields.ts';

/** A raw 32-byte public key (Ed25519 or X25519), base64url without padding. */
export const rawKey = base64url.length(43);

/** `POST /v1/terminals/claims`: a fresh terminal with the one-time code that its property manager was given. */
export const claimRequest = z.object({
  code: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{12}$/),
  identityKey: rawKey,
  sealingKey: rawKey,
  agentVersion: z.string().max(40),
  /** The identity key's signature over `claimPreimage`, in the context `claimContext`. Absent: an agent of protocol 3 or before. */
  signature: base64url.max(100).optional(),
});
/** The code works once, so nobody signs the same twice. */
export const claimContext = 'gatecast-claim-v1';
export const claimPreimage = ({
  code,
  identityKey,
  sealingKey,
}: Pick<ClaimRequest, 'code' | 'identityKey' | 'sealingKey'>): string => `${code}|${identityKey}|${sealingKey}`;
export type ClaimRequest = z.infer<typeof claimRequest>;

export const claimResponse = z.object({
  terminal: terminalId,
  /** Rises with each re-claim; part of every journal key. */
  epoch: z.int().positive(),
  /** Pinned for good: whoever holds the private half may open this terminal's doors. */
  doorAuthority: z.object({ kid: z.string().max(64), publicKey: rawKey }),
  /** Where the MQTT broker is, `mqtt://host:port`. */
  brokerUrl: z.string().max(200),
  /** Public key that signs `GET /v1/time`. */
  timeKey: z.object({ kid: z.string().max(64), publicKey: rawKey }),
});
export type ClaimResponse = z.infer<typeof claimResponse>;

/** `POST /v1/terminals/:id/challenge` */
export const challengeResponse = z.object({ nonce: base64url, expiresAt: instantMs });

/** `POST /v1/terminals/:id/tokens`: the identity key's signature over `signInPreimage`, in the context `signInContext`. */
const sessionMark = base64url.length(22);

/**
 * Where a terminal stands in the row of its sign-ins, committed before it asks: a second machine with the same key stands elsewhere in it. The same
 * session again is the same sign-in, whose answer got lost.
 */
export const signInSession = z.object({
  /** 1 at the first sign-in of an epoch. */
  counter: z.int().positive(),
  /** Random, new with each counter. */
  mark: sessionMark,
  /** The mark of the counter before; null for the first. */
  prev: sessionMark.nullable(),
  /** A digest of what tells this machine from another and of its key; it says nothing to anybody else. */
  machine: sessionMark,
});
export type SignInSession = z.infer<typeof signInSession>;

export const tokenRequest = z.object({
  nonce: base64url,
  epoch: z.int().positive(),
  signature: base64url,
  /** Absent: an agent of protocol 3 or before. */
  session: signInSession.optional(),
});
export const signInContext = 'gatecast-sign-in-v1';
export const signInPreimage = (terminal: string, epoch: number, nonce: string, session?: SignInSession): string => {
  const head = `${terminal}|${epoch}|${nonce}`;
  if (!session) return head;
  const { counter, mark, prev, machine } = session;
  return `${head}|${counter}|${mark}|${prev ?? ''}|${machine}`;
};

/** Good for one hour; MQTT password and HTTP bearer alike. */
export const tokenResponse = z.object({
  token: z.string().max(2_000),
  expiresAt: instantMs,
  /** Somebody wants the terminal to have new keys: see `keyRotationRequest`. */
  rotateKeys: z.boolean().default(false),
  /** Where the broker is now, if the cloud says so: it may have moved since the claim. */
  brokerUrl: z.string().max(200).optional(),
  /** Another machine has taken this one's place: the token is good for handing in what is left of the journal, and for nothing else. */
  journalOnly: z.boolean().default(false),
});
export type TokenResponse = z.infer<typeof tokenResponse>;

/** `POST /v1/terminals/:id/keys`: new keys, signed by the old identity key and by the new one. Repeating it changes nothing. */
export const keyRotationRequest = z.object({
  /** The identity key that is to be replaced. */
  from: rawKey,
  identityKey: rawKey,
  sealingKey: rawKey,
  signedByOld: base64url.max(100),
  signedByNew: base64url.max(100),
});
export type KeyRotationRequest = z.infer<typeof keyRotationRequest>;
export const keyRotationContext = 'gatecast-key-rotation-v1';
export const keyRotationPreimage = (
  terminal: string,
  epoch: number,
  { from, identityKey, sealingKey }: Pick<KeyRotationRequest, 'from' | 'identityKey' | 'sealingKey'>,
): string => `${terminal}|${epoch}|${from}|${identityKey}|${sealingKey}`;
/** The old keys are taken for so long. */
export const keyRotationResponse = z.object({ overlapMs: z.int().nonnegative() });

/** Claims of our EdDSA tokens. `sub` is `terminal:term_…` or `service:cloud`; `aud` is `tokenAudience`. */
export const tokenAudience = 'gatecast';
export const tokenIssuer = 'gatecast-cloud';

/** `GET /v1/time?nonce=…` */
export const timeResponse = z.object({
  now: instantMs,
  nonce: base64url,
  signature: z.object({ kid: z.string().max(64), value: base64url }),
});
export const timeContext = 'gatecast-time-v1';
export const timePreimage = (now: number, nonce: string): string => `${now}|${nonce}`;

/** `GET /v1/terminals/revocations`: tokens of these terminals issued at or before the given second are void. */
export const revocationContext = 'gatecast-revocations-v1';
export const revocations = z.object({
  /** JSON text of `revocationList`, signed as it stands by the token issuer. */
  payload: z.string().max(1_048_576),
  signature: z.object({ kid: z.string().max(64), value: base64url }),
});
export const revocationList = z.object({
  at: instantMs,
  revoked: z.array(z.object({ subject: z.string().max(60), beforeSecond: z.int().nonnegative() })),
});
