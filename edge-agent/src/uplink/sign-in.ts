import { DomainError, minutes, type Clock } from '@gatecast/firmware-protocol';
import {
  challengeResponse,
  claimResponse,
  signInContext,
  signInPreimage,
  tokenResponse,
  type ClaimResponse,
  type TokenResponse,
} from '@gatecast/firmware-protocol/messages';
import { privateKeyOf, signText } from '@gatecast/firmware-protocol/node';
import type { TerminalKeys } from '../store/identity.ts';
import { askCloud, jsonOf } from './cloud-http.ts';

/** A token is renewed when it has no longer to live. */
const renewBeforeMs = minutes(5);

/**
 * Tells the cloud who this terminal is, with the one-time code of its property manager. What comes back is pinned for good.
 * Rejects with the cloud's code, such as `unknown-claim-code`.
 */
export async function claimTerminal(
  cloudUrl: string,
  keys: TerminalKeys,
  code: string,
  agentVersion: string,
): Promise<ClaimResponse> {
  const body = JSON.stringify({
    code,
    identityKey: keys.identity.publicKey,
    sealingKey: keys.sealing.publicKey,
    agentVersion,
  });
  return jsonOf(await askCloud(cloudUrl, { method: 'POST', path: '/v1/terminals/claims', body }), claimResponse);
}

export interface SignInParts {
  readonly cloudUrl: string;
  readonly keys: TerminalKeys;
  readonly claim: ClaimResponse;
  readonly clock: Clock;
  /** Ends a request that is under way. */
  readonly signal: AbortSignal;
}

/** Keeps a token that the cloud and the broker accept. */
export class SignIn {
  readonly #parts: SignInParts;
  #token: Promise<TokenResponse> | undefined;
  /** Monotonic ms at which the token must be renewed; the cloud's clock and ours need not agree. */
  #renewAt = 0;

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /** A token with some minutes to live. Rejects with `cloud-unreachable` or the cloud's refusal. */
  async token(): Promise<string> {
    if (!this.#token || this.#parts.clock.mono() >= this.#renewAt) this.#token = this.#obtain();
    const asked = this.#token;
    try {
      return (await asked).token;
    } catch (error) {
      if (this.#token === asked) this.#token = undefined;
      throw error;
    }
  }

  /** The token was refused: the next request gets a new one. */
  forget(): void {
    this.#token = undefined;
  }

  async #obtain(): Promise<TokenResponse> {
    const { cloudUrl, claim, keys, clock, signal } = this.#parts;
    this.#renewAt = Number.POSITIVE_INFINITY;
    const path = `/v1/terminals/${claim.terminal}`;
    const challenge = await askCloud(cloudUrl, { method: 'POST', path: `${path}/challenge`, signal });
    const { nonce } = await jsonOf(challenge, challengeResponse);
    const key = privateKeyOf('ed25519', keys.identity.privateKey);
    const signature = signText(key, signInContext, signInPreimage(claim.terminal, claim.epoch, nonce));
    const body = JSON.stringify({ nonce, epoch: claim.epoch, signature });
    const issued = await jsonOf(
      await askCloud(cloudUrl, { method: 'POST', path: `${path}/tokens`, body, signal }),
      tokenResponse,
    );
    this.#renewAt = clock.mono() + lifeMs(issued.token) - renewBeforeMs;
    return issued;
  }
}

/** `exp - iat` of the token itself, in ms. */
function lifeMs(token: string): number {
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString() || 'null');
  const read = (name: string) =>
    claims && typeof claims === 'object' ? Number(Reflect.get(claims, name)) : Number.NaN;
  const life = (read('exp') - read('iat')) * 1_000;
  if (!(life > 0)) throw new DomainError('cloud-answer-invalid', 'the token says no lifetime');
  return life;
}
