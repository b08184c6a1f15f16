import type { Clock } from '@gatecast/firmware-protocol';
import type { Logger } from 'pino';
import type { Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';

/** What a CONNECT says of who sends it. */
export interface Credentials {
  readonly clientId: string;
  readonly username: string | undefined;
  /** The MQTT password, as text. */
  readonly token: string;
}

/** Somebody signed in, and what that lets them do. */
export interface Session {
  /** Who, in logs and as the key of the sign-in rate. */
  readonly subject: string;
  /** A cloud process speaks for all terminals and so gets wider bounds than one of them. */
  readonly kind: 'terminal' | 'cloud';
  mayPublish(topic: string): boolean;
  maySubscribe(filter: string): boolean;
  /** Why the session is over, or undefined; asked about once a second. */
  lapse(): 'revoked' | 'token-expired' | undefined;
}

/** Who may connect and what they may say; the broker itself knows neither tokens nor topics. */
export interface AccessPolicy {
  /** True: a session of clean=false waits, within bounds, for its client to return. False: every session is clean. */
  readonly keepsSessions: boolean;
  /** True once somebody can sign in. */
  readonly ready: boolean;
  /** `changed` is called when sessions may have lapsed. */
  start(changed: () => void): Promise<void>;
  stop(): Promise<void>;
  /** Rejects with Refusal. */
  signIn(credentials: Credentials): Promise<Session>;
}

/** What a policy gets from the broker that it serves. */
export interface PolicySurroundings {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly log: Logger;
  readonly metrics: Metrics;
}

export type MakePolicy = (surroundings: PolicySurroundings) => AccessPolicy;
