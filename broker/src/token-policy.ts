import { mayPublish, maySubscribe, type Principal } from '@gatecast/firmware-protocol/messages';
import type { AccessPolicy, Credentials, MakePolicy, Session } from './access-policy.ts';
import { authenticate, type TokenSession } from './authenticate.ts';
import { Trust } from './trust.ts';

export interface TokenPolicyOptions {
  readonly cloudUrl: string;
  readonly dataDir: string;
}

/**
 * Gatecast's own policy: a token of the cloud says who connects, `messages/topics` what they may say, and no session outlives its connection.
 * What a terminal must not miss is pulled over HTTPS, so a queue in the broker would only hold what is stale.
 */
export function tokenPolicy(options: TokenPolicyOptions): MakePolicy {
  return (surroundings) => new TokenPolicy(new Trust({ ...options, ...surroundings }));
}

class TokenPolicy implements AccessPolicy {
  readonly keepsSessions = false;
  readonly #trust: Trust;

  constructor(trust: Trust) {
    this.#trust = trust;
  }

  get ready(): boolean {
    return this.#trust.ready;
  }

  start(changed: () => void): Promise<void> {
    return this.#trust.start(changed);
  }

  stop(): Promise<void> {
    return this.#trust.stop();
  }

  async signIn(credentials: Credentials): Promise<Session> {
    return new SignedIn(await authenticate(credentials, this.#trust), this.#trust);
  }
}

class SignedIn implements Session {
  readonly subject: string;
  readonly #token: TokenSession;
  readonly #trust: Trust;

  constructor(token: TokenSession, trust: Trust) {
    this.subject = token.subject;
    this.#token = token;
    this.#trust = trust;
  }

  get kind(): Principal['kind'] {
    return this.#token.principal.kind;
  }

  mayPublish(topic: string): boolean {
    return mayPublish(this.#token.principal, topic);
  }

  maySubscribe(filter: string): boolean {
    return maySubscribe(this.#token.principal, filter);
  }

  lapse(): 'revoked' | 'token-expired' | undefined {
    const { issuedAtSecond, expiresAt } = this.#token;
    if (this.#trust.revocations.voids(this.subject, issuedAtSecond)) return 'revoked';
    return expiresAt <= this.#trust.clock.now() ? 'token-expired' : undefined;
  }
}
