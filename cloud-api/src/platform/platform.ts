import { days, hours, type Clock } from '@gatecast/firmware-protocol';
import { clientAddress } from '@gatecast/firmware-protocol/node';
import { lt } from 'drizzle-orm';
import type { Config } from '../config.ts';
import { createAudit, type Audit } from './audit.ts';
import type { Authenticate } from './auth.ts';
import type { Store } from './db/store.ts';
import { createEvents, type Events } from './events.ts';
import { createApi, type Api } from './http.ts';
import { requestHasher } from './idempotency.ts';
import { createJobs, type Jobs } from './jobs.ts';
import { createJournalStreams, type JournalStreams } from './journal-streams.ts';
import { keyBoxFromFile } from './keys/key-box.ts';
import { createSigner, platformOwner, type Signer } from './keys/signer.ts';
import { createTokens, type Tokens } from './keys/tokens.ts';
import type { Logger } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createMqttLink, type MqttLink } from './mqtt-link.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { createPrivacy, type Privacy } from './privacy.ts';
import { createSheetFiles, type MakeSheetFile } from './sheet-files.ts';

/** What every slice builds on. */
export interface Platform {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly store: Store;
  readonly metrics: Metrics;
  readonly signer: Signer;
  readonly tokens: Tokens;
  readonly audit: Audit;
  readonly events: Events;
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  readonly link: MqttLink;
  readonly journal: JournalStreams;
  readonly privacy: Privacy;
  /** The one way to a file for spreadsheets, off the event loop. Rejects with `too-many-requests`. */
  readonly makeSheetFile: MakeSheetFile;
  readonly api: Api;
  /** What `/readyz` tells besides: the program answers without these, but with less. */
  readonly readiness: Map<string, () => boolean>;
  /** How callers reach this API, without a trailing slash. */
  readonly publicUrl: () => string;
  readonly setPublicUrl: (url: string) => void;
  /** Adds a way to sign in; the first that knows a bearer decides. */
  readonly authenticateWith: (way: Authenticate) => void;
  /** Who a bearer stands for now, for what goes on after its request was answered. */
  readonly authenticate: Authenticate;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const platformKeys = [
  'token-issuer',
  'checkpoint',
  'short-link-root',
  'file-link',
  'phone-index',
  'challenge',
  'pickup-code',
  'payment',
  'idempotency',
  'account-secret',
  'alarm-webhook',
  'report-webhook',
  'holdout',
] as const;
const idempotencyKeptMs = days(7);

/** The ways to sign in, as the slices add them; the first that knows a bearer decides. */
function createAuthentication(): Pick<Platform, 'authenticate' | 'authenticateWith'> {
  const ways: Authenticate[] = [];
  return {
    authenticateWith: (way) => void ways.push(way),
    async authenticate(bearer) {
      for (const way of ways) {
        const who = await way(bearer);
        if (who) return who;
      }
      return undefined;
    },
  };
}

export function createPlatform(parts: { config: Config; store: Store; clock: Clock; log: Logger }): Platform {
  const { config, store, clock, log } = parts;
  const metrics = createMetrics();
  const signer = createSigner(keyBoxFromFile(config.masterKeyFile), clock);
  const tokens = createTokens(store, signer, clock);
  const jobs = createJobs(store, clock, log);
  const events = createEvents(store, clock, log);
  const { authenticate, authenticateWith } = createAuthentication();
  const link = createMqttLink({ brokerUrl: config.brokerUrl, caFile: config.brokerCaFile, tokens, log, metrics });
  const api = createApi({
    store,
    clock,
    log,
    metrics,
    authenticate,
    hashRequest: requestHasher(store, signer),
    addressOf: clientAddress(config.trustedProxies),
  });
  let publicUrl = config.publicUrl;

  jobs.handle('platform.prune', {
    everyMs: hours(1),
    async run() {
      await events.prune();
      await store.tx(async (q) => {
        const before = (clock.now() - idempotencyKeptMs) as ReturnType<Clock['now']>;
        await q.delete(q.t.idempotency).where(lt(q.t.idempotency.at, before));
      });
    },
  });

  return {
    config,
    clock,
    log,
    store,
    metrics,
    signer,
    tokens,
    audit: createAudit(clock),
    events,
    jobs,
    outbox: createOutbox(jobs),
    link,
    journal: createJournalStreams(),
    privacy: createPrivacy(),
    makeSheetFile: createSheetFiles(),
    readiness: new Map(),
    api,
    publicUrl: () => publicUrl ?? `http://127.0.0.1:${config.port}`,
    setPublicUrl: (url) => void (publicUrl ??= url),
    authenticateWith,
    authenticate,
    async start() {
      await store.tx(async (q) => {
        for (const purpose of platformKeys) await signer.ensure(q, purpose, platformOwner);
      });
      await events.start();
      await jobs.start();
      if (config.brokerUrl !== '') link.start();
    },
    async stop() {
      events.stop();
      await link.stop();
      await jobs.stop();
    },
  };
}
