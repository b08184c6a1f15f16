import { DomainError, minutes, seconds, type Clock } from '@gatecast/firmware-protocol';
import {
  challengeResponse,
  claimContext,
  claimPreimage,
  claimResponse,
  signInContext,
  signInPreimage,
  tokenResponse,
  type ClaimResponse,
  type ScreenEnrolment,
  type TokenResponse,
} from '@gatecast/firmware-protocol/messages';
import { privateKeyOf, signText } from '@gatecast/firmware-protocol/node';
import type { KeyRing, TerminalKeys } from '../store/identity.ts';
import { askCloud, codeOf, jsonOf } from './cloud-http.ts';
import type { SignInSessions } from './sign-in-sessions.ts';

/** A token is renewed when it has no longer to live. */
const renewBeforeMs = minutes(5);
/** A cloud that has put this terminal out is not asked again before. */
const outMs = seconds(60);

/** Why the cloud wants nothing of this terminal any more, as the screen says it. */
export type OutReason = Extract<ScreenEnrolment, { state: 'out' }>['reason'];

const outReasons: Readonly<Record<string, OutReason>> = {
  'terminal-revoked': 'revoked',
  'terminal-replaced': 'replaced',
  'wrong-epoch': 'replaced',
  'terminal-cloned': 'cloned',
};

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
  const unsigned = { code, identityKey: keys.identity.publicKey, sealingKey: keys.sealing.publicKey, agentVersion };
  const key = privateKeyOf('ed25519', keys.identity.privateKey);
  const body = JSON.stringify({ ...unsigned, signature: signText(key, claimContext, claimPreimage(unsigned)) });
  return jsonOf(await askCloud(cloudUrl, { method: 'POST', path: '/v1/terminals/claims', body }), claimResponse);
}

export interface SignInParts {
  readonly cloudUrl: string;
  readonly keys: Pick<KeyRing, 'identity' | 'next' | 'promote'>;
  readonly claim: ClaimResponse;
  readonly clock: Clock;
  readonly sessions: Pick<SignInSessions, 'next' | 'answered'>;
  /** Ends a request that is under way. */
  readonly signal: AbortSignal;
  /** The property wants this terminal to have new keys, or keys that were made are not settled yet. */
  readonly onRotation?: () => void;
  /** Where the broker had moved to when it was last heard of. */
  readonly movedTo?: string | undefined;
  /** The broker is at another address than the one that is known. */
  readonly onBrokerMoved?: (brokerUrl: string) => void;
}

/** Keeps a token that the cloud and the broker accept. */
export class SignIn {
  readonly #parts: SignInParts;
  #token: Promise<TokenResponse> | undefined;
  /** Monotonic ms at which the token must be renewed; the cloud's clock and ours need not agree. */
  #renewAt = 0;
  #brokerUrl: string;
  #out: { readonly reason: OutReason; readonly error: DomainError; readonly until: number } | undefined;

  constructor(parts: SignInParts) {
    this.#parts = parts;
    this.#brokerUrl = parts.movedTo ?? parts.claim.brokerUrl;
  }

  /** Where the broker is, as the cloud said last. */
  get brokerUrl(): string {
    return this.#brokerUrl;
  }

  /** Undefined while the cloud takes this terminal for what it was claimed as, or has not been asked. */
  get out(): OutReason | undefined {
    return this.#out?.reason;
  }

  /** A token with some minutes to live. Rejects with `cloud-unreachable`, `terminal-replaced` or the cloud's refusal. */
  async token(): Promise<string> {
    const { token, journalOnly } = await this.#current();
    if (journalOnly) throw new DomainError('terminal-replaced', 'another machine has taken the place of this one');
    return token;
  }

  /** A token for handing in the journal, which also a machine gets whose place another one has taken. Rejects as `token()`. */
  async journalToken(): Promise<string> {
    return (await this.#current()).token;
  }

  /** The token was refused: the next request gets a new one. */
  forget(): void {
    this.#token = undefined;
  }

  async #current(): Promise<TokenResponse> {
    const { clock } = this.#parts;
    if (this.#out && clock.mono() < this.#out.until) throw this.#out.error;
    if (!this.#token || clock.mono() >= this.#renewAt) this.#token = this.#obtain();
    const asked = this.#token;
    try {
      return await asked;
    } catch (error) {
      if (this.#token === asked) this.#token = undefined;
      throw error;
    }
  }

  async #obtain(): Promise<TokenResponse> {
    const { clock, keys } = this.#parts;
    this.#renewAt = Number.POSITIVE_INFINITY;
    try {
      return await this.#ask();
    } catch (error) {
      // The cloud may know the next keys already, as we never heard its answer.
      if (codeOf(error) === 'wrong-credentials' && keys.next) {
        keys.promote(clock.now());
        return this.#ask();
      }
      const reason = outReasons[codeOf(error)];
      if (reason && error instanceof DomainError) this.#out = { reason, error, until: clock.mono() + outMs };
      throw error;
    }
  }

  async #ask(): Promise<TokenResponse> {
    const { cloudUrl, claim, keys, clock, sessions, signal, onRotation } = this.#parts;
    const session = await sessions.next();
    const path = `/v1/terminals/${claim.terminal}`;
    const challenge = await askCloud(cloudUrl, { method: 'POST', path: `${path}/challenge`, signal });
    const { nonce } = await jsonOf(challenge, challengeResponse);
    const key = privateKeyOf('ed25519', keys.identity.privateKey);
    const signature = signText(key, signInContext, signInPreimage(claim.terminal, claim.epoch, nonce, session));
    const body = JSON.stringify({ nonce, epoch: claim.epoch, signature, session });
    const issued = await jsonOf(
      await askCloud(cloudUrl, { method: 'POST', path: `${path}/tokens`, body, signal }),
      tokenResponse,
    );
    this.#renewAt = clock.mono() + lifeMs(issued.token) - renewBeforeMs;
    this.#follow(issued.brokerUrl);
    if (issued.journalOnly) {
      const error = new DomainError('terminal-replaced', 'another machine has taken the place of this one');
      this.#out = { reason: 'replaced', error, until: 0 };
      return issued;
    }
    this.#out = undefined;
    await sessions.answered(session).catch(ignoreFullDisk);
    if (issued.rotateKeys || keys.next) onRotation?.();
    return issued;
  }

  #follow(brokerUrl = this.#brokerUrl): void {
    if (brokerUrl === this.#brokerUrl || (isSecure(this.#brokerUrl) && !isSecure(brokerUrl))) return;
    this.#brokerUrl = brokerUrl;
    this.#parts.onBrokerMoved?.(brokerUrl);
  }
}

/** Whoever was claimed for a broker behind TLS never goes to one in clear. */
const isSecure = (brokerUrl: string): boolean => /^(mqtts|wss):/.test(brokerUrl);

/** The same sign-in is asked again next time, and the cloud takes it for a lost answer. */
function ignoreFullDisk(error: unknown): void {
  if (codeOf(error) !== 'cannot-commit') throw error;
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
