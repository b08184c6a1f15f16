import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant, manualClock, type Clock, type ManualClock } from '@gatecast/firmware-protocol';
import { createApp, type App } from './app.ts';
import { readConfig } from './config.ts';
import { findFfmpeg } from './content/find-ffmpeg.ts';
import type { Store } from './platform/db/store.ts';
import { openMigrated } from './platform/db/test-migrated.ts';
import { createLog, hitABug, type Logger } from './platform/log.ts';
import type { PaymentProvider } from './settlement/payments/provider.ts';

export const operatorLogin = { email: 'operator@gatecast.test', password: 'correct-horse-battery' };
/** Monday 2026-11-23, 07:40 in Shanghai. */
const morning = instant(Date.UTC(2026, 10, 22, 23, 40));

export interface Answer {
  readonly status: number;
  /** Parsed JSON, or undefined. Tests read it loosely. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the contract's schemas check shapes; tests only pick fields
  readonly body: any;
  readonly headers: Headers;
}

interface CallOptions {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the caller's socket is. */
  readonly address?: string;
}

/** The whole API with a clock that stands still, and no broker unless `env` names one. */
export interface TestApp {
  readonly app: App;
  readonly store: Store;
  /** Moves the app's time, unless the app was given a clock of its own. */
  readonly clock: ManualClock;
  readonly operator: string;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  signIn(email: string, password: string): Promise<string>;
  close(): Promise<void>;
}

export interface TestAppOptions {
  /** A store that somebody else closes; default: a SQLite file of its own. */
  readonly store?: Store;
  readonly env?: Readonly<Record<string, string>>;
  readonly paymentProvider?: PaymentProvider;
  /** Default: only a request that hit a bug is told, with its cause. */
  readonly log?: Logger;
  /** For tests that wait for real machines; default: a clock that stands still. */
  readonly clock?: Clock;
}

const bugLog = (): Logger =>
  createLog('error', { write: (line) => void (line.includes(hitABug) && console.error(line)) });

let ffmpegHere: ReturnType<typeof findFfmpeg> | undefined;

export async function testApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { store: given, env = {}, paymentProvider, clock: running } = options;
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-app-'));
  const store = given ?? (await openMigrated(join(folder, 'cloud.sqlite')));
  const clock = manualClock(morning);
  const config = readConfig({
    GATECAST_DATA_DIR: folder,
    GATECAST_MASTER_KEY_FILE: join(folder, 'master.key'),
    GATECAST_BROKER_URL: '',
    GATECAST_PUBLIC_URL: 'https://gatecast.test',
    GATECAST_FIRST_OPERATOR_EMAIL: operatorLogin.email,
    GATECAST_FIRST_OPERATOR_PASSWORD: operatorLogin.password,
    // By name, so that an old one serves tests on any machine.
    FFMPEG_PATH: (await (ffmpegHere ??= findFfmpeg({}))).path ?? 'none',
    ...env,
  });
  const app = createApp({ config, store, clock: running ?? clock, log: options.log ?? bugLog(), paymentProvider });
  await app.start();

  const call = async (method: string, path: string, options: CallOptions = {}): Promise<Answer> => {
    const headers = new Headers(options.headers);
    if (options.token !== undefined) headers.set('authorization', `Bearer ${options.token}`);
    if (options.idempotencyKey !== undefined) headers.set('idempotency-key', options.idempotencyKey);
    const init: RequestInit = { method, headers };
    if (options.body !== undefined) {
      headers.set('content-type', 'application/json');
      init.body = typeof options.body === 'string' ? options.body : JSON.stringify(options.body);
    }
    const { address } = options;
    const server = address === undefined ? {} : { incoming: { socket: { remoteAddress: address } } };
    const answer = await app.fetch(new Request(`http://gatecast.test${path}`, init), server);
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: text.startsWith('{') ? JSON.parse(text) : undefined,
    };
  };
  const signIn = async (email: string, password: string) =>
    (await call('POST', '/v1/sessions', { body: { email, password } })).body.token as string;

  return {
    app,
    store,
    clock,
    call,
    signIn,
    operator: await signIn(operatorLogin.email, operatorLogin.password),
    async close() {
      await app.stop();
      if (!given) await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
