import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { invariant, type Clock } from '@gatecast/firmware-protocol';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { answerOf, SandboxFault } from './faults.ts';
import { faultRoutes } from './fault-routes.ts';
import { Notifier, retryPaceDefault } from './notifier.ts';
import { noticePage } from './pages.ts';
import { paymentRoutes } from './payment-routes.ts';
import { Payments } from './payments.ts';
import { personRoutes } from './person-routes.ts';
import { sound, type ProviderState } from './provider-state.ts';
import { SmsInbox } from './sms.ts';
import { openStore, type SandboxStore } from './store.ts';
import { languageOf, wordsOf } from './words.ts';

const maxBodyBytes = 65_536;
const host = '127.0.0.1';

export interface SandboxOptions {
  /** 0 lets the system pick. */
  readonly port: number;
  readonly dataDir: string;
  readonly smsToken: string;
  readonly clock: Clock;
  /** How many times faster than the real ones callbacks are repeated; default 15. */
  readonly retryPace?: number;
  /** Origins whose pages may show ours in frames, besides ourselves. */
  readonly frameAncestors?: string;
  /** Faults of the sandbox itself; what a caller did wrong is answered, not reported. */
  readonly onFault: (error: unknown) => void;
}

export interface Sandbox {
  /** Answers the port. Rejects if it is taken. */
  start(): Promise<number>;
  /** Lets attempts under way end; idempotent. */
  stop(): Promise<void>;
}

/** A payment provider and a text-message gateway for demos and tests, with the rules and the signatures of the real ones. */
export function createSandbox(options: SandboxOptions): Sandbox {
  let running: { readonly server: ServerType; readonly notifier: Notifier; readonly store: SandboxStore } | undefined;
  return {
    async start() {
      invariant(!running, 'a sandbox is started once');
      const store = openStore(options.dataDir);
      const state: ProviderState = { ...sound };
      const notifier = new Notifier({ retryPace: retryPaceDefault, ...options, store, state });
      const server = createAdaptorServer({ fetch: createApp(options, store, notifier, state).fetch });
      running = { server, notifier, store };
      server.listen(options.port, host);
      await once(server, 'listening');
      notifier.start();
      return (server.address() as AddressInfo).port;
    },
    async stop() {
      if (!running) return;
      const { server, notifier, store } = running;
      running = undefined;
      const closed = new Promise((resolve) => server.close(resolve));
      await notifier.stop();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
      store.close();
    },
  };
}

function createApp(options: SandboxOptions, store: SandboxStore, notifier: Notifier, state: ProviderState): Hono {
  const { clock, smsToken, frameAncestors = '', onFault } = options;
  const payments = new Payments(store, clock, state);
  const inbox = new SmsInbox(store, clock);
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header('content-security-policy', contentPolicy(frameAncestors));
    c.header('cache-control', 'no-store');
    c.header('x-content-type-options', 'nosniff');
  });
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new SandboxFault('BODY_TOO_LARGE', 'at most 64 KiB');
      },
    }),
  );
  app.route('/', paymentRoutes({ store, payments, state, clock }));
  app.route('/', faultRoutes({ payments, notifier, state }));
  app.route('/', personRoutes({ store, payments, notifier, inbox, smsToken }));
  app.notFound((c) => c.json({ code: 'NOT_FOUND', message: 'there is nothing here' }, 404));
  app.onError((error, c) => {
    const answer = answerOf(error);
    if (!answer) onFault(error);
    const { status, code, message } = answer ?? {
      status: 500 as const,
      code: 'SYSTEM_ERROR',
      message: 'the sandbox failed',
    };
    if (c.req.header('accept')?.includes('text/html')) {
      const language = languageOf(c.req.query('lang'));
      const words = wordsOf(language);
      const notice =
        code === 'NOT_FOUND' ? words.notFound : code === 'ORDER_CLOSED' ? words.closed : `${code}: ${message}`;
      return c.html(noticePage(notice, language), status);
    }
    return c.json({ code, message }, status);
  });
  return app;
}

/** `form-action` stays open: after paying the form is redirected to the merchant's return_url. */
const contentPolicy = (frameAncestors: string): string =>
  `default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'self' ${frameAncestors}`.trim();
