import { tokenAudience, tokenIssuer } from '@gatecast/firmware-protocol/messages';
import { instant, seconds, type Clock, type DurationMs, type InstantMs } from '@gatecast/firmware-protocol';
import { createLocalJWKSet, errors, jwtVerify, SignJWT, type JSONWebKeySet } from 'jose';
import type { Store } from '../db/store.ts';
import type { Signer } from './signer.ts';

interface TokenClaims {
  /** `terminal:term_…` or `service:cloud` */
  readonly subject: string;
  readonly epoch: number | undefined;
  readonly issuedAtSecond: number;
}

export interface Tokens {
  issue(
    subject: string,
    lifeMs: DurationMs,
    epoch?: number,
    /** The token is of a later second than this one, up to which others were voided: a terminal may sign in again in the same moment. */
    afterSecond?: number,
  ): Promise<{ readonly token: string; readonly expiresAt: InstantMs }>;
  /** The claims of a valid token of ours, or undefined. */
  verify(token: string): Promise<TokenClaims | undefined>;
  jwks(): Promise<JSONWebKeySet>;
}

const clockToleranceSeconds = 5;

/** EdDSA tokens, MQTT password and HTTP bearer alike. */
export function createTokens(store: Store, signer: Signer, clock: Clock): Tokens {
  let known: { readonly kids: string; readonly find: ReturnType<typeof createLocalJWKSet> } | undefined;
  const keySet = async () => {
    const set = await jwks();
    const kids = set.keys.map(({ kid }) => kid).join();
    if (known?.kids !== kids) known = { kids, find: createLocalJWKSet(set) };
    return known.find;
  };
  const jwks = async (): Promise<JSONWebKeySet> => ({
    keys: (await signer.tokenKeys(store.read)).map(({ kid, publicKey }) => ({
      kty: 'OKP',
      crv: 'Ed25519',
      alg: 'EdDSA',
      use: 'sig',
      kid,
      x: publicKey,
    })),
  });

  return {
    jwks,
    async issue(subject, lifeMs, epoch, afterSecond = 0) {
      const { kid, key } = await signer.tokenKey(store.read);
      const nowSecond = Math.max(Math.floor(clock.now() / 1_000), afterSecond + 1);
      const endSecond = nowSecond + Math.floor(lifeMs / 1_000);
      const token = await new SignJWT(epoch === undefined ? {} : { epoch })
        .setProtectedHeader({ alg: 'EdDSA', kid })
        .setSubject(subject)
        .setIssuer(tokenIssuer)
        .setAudience(tokenAudience)
        .setIssuedAt(nowSecond)
        .setExpirationTime(endSecond)
        .sign(key);
      return { token, expiresAt: instant(seconds(endSecond)) };
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, await keySet(), {
          issuer: tokenIssuer,
          audience: tokenAudience,
          algorithms: ['EdDSA'],
          requiredClaims: ['sub', 'iat', 'exp'],
          currentDate: new Date(clock.now()),
          clockTolerance: clockToleranceSeconds,
        });
        const { sub, iat, epoch } = payload;
        if (sub === undefined || iat === undefined) return undefined;
        return { subject: sub, epoch: typeof epoch === 'number' ? epoch : undefined, issuedAtSecond: iat };
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}
