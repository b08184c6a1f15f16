import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { DomainError, type Clock } from '@gatecast/firmware-protocol';
import {
  playReport,
  screenPulse,
  type PlayReport,
  type ScreenEvents,
  type ScreenPulse,
  type ScreenState,
} from '@gatecast/firmware-protocol/messages';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Logger } from 'pino';
import { createScreenFeed, type ScreenFeed } from './screen-feed.ts';
import { localOnly, withPolicy, withToken } from './screen-guard.ts';
import { probeRoutes } from './screen-probe-routes.ts';
import type { ProbeAnswers } from './screen-probes.ts';

export interface ScreenServer {
  /** Resolves with the port once it listens; rejects if the port is taken. */
  start(): Promise<number>;
  stop(): Promise<void>;
  send<E extends keyof ScreenEvents>(event: E, data: ScreenEvents[E]): void;
  /** How many pages are connected. */
  readonly pages: number;
}

export interface ScreenServerParts {
  readonly clock: Clock;
  readonly log: Logger;
  /** 0: any free one. */
  readonly port: number;
  /** Origins that may embed the page. */
  readonly frameAncestors: readonly string[];
  /** The built page. */
  readonly pageDir: string;
  readonly mediaDir: string;
  readonly token: string;
  /** Clips that may be served. */
  readonly cached: ReadonlySet<string>;
  readonly state: () => ScreenState;
  readonly report: (report: PlayReport) => Promise<void>;
  readonly pulse: (pulse: ScreenPulse) => void;
  readonly probes: ProbeAnswers;
  /** A page came or went. */
  readonly pagesChanged: () => void;
}

const reportBytesMax = 16_384;

/** Only the machine's own browser can reach it. */
const hostname = '127.0.0.1';

const statusOf: Readonly<Record<string, 404 | 409 | 410 | 422 | 503>> = {
  'unknown-decision': 404,
  'already-counted': 409,
  'late-report': 410,
  'impossible-report': 422,
  'cannot-commit': 503,
};

/** The HTTP server of the screen: page, clips, events down, play reports up. */
export function createScreenServer(parts: ScreenServerParts): ScreenServer {
  const feed = createScreenFeed({ clock: parts.clock, state: parts.state, changed: parts.pagesChanged });
  let server: Server | undefined;
  let port = parts.port;

  const app = appOf(parts, feed, () => port);

  return {
    async start() {
      const listen = getRequestListener(app.fetch, { hostname });
      const made = createServer((request, response) => void listen(request, response));
      server = made;
      await new Promise<void>((resolve, reject) => {
        made.once('error', reject);
        made.listen(port, hostname, () => resolve());
      });
      const address = made.address();
      if (address && typeof address === 'object') port = address.port;
      feed.start();
      return port;
    },
    async stop() {
      feed.stop();
      const closing = server;
      server = undefined;
      if (!closing?.listening) return;
      await new Promise<void>((resolve) => {
        closing.close(() => resolve());
        // Pages keep their connections open; nothing more will come over them.
        closing.closeAllConnections();
      });
    },
    send: (event, data) => feed.send(event, data),
    get pages() {
      return feed.size;
    },
  };
}

function appOf(parts: ScreenServerParts, feed: ScreenFeed, port: () => number): Hono {
  const { log, token, pageDir, mediaDir, cached } = parts;
  const app = new Hono();
  app.use(withPolicy(parts.frameAncestors), localOnly(port));
  app.get('/', withToken(token), pageOf(pageDir));
  app.get('/events', withToken(token), (c) => feed.join(c));
  app.get('/clips/:file{[0-9a-f]{64}\\.mp4}', withToken(token), cachedOnly(cached), clipFiles(mediaDir));
  app.post('/plays', withToken(token), shortBody, (c) => takeReport(c, parts));
  app.post('/pulse', withToken(token), shortBody, (c) => takePulse(c, parts));
  probeRoutes(app, withToken(token), parts);
  app.get('/assets/*', serveStatic({ root: pageDir }));
  app.notFound((c) => c.json({ code: 'not-found', title: 'there is nothing here' }, 404));
  app.onError((error, c) => {
    log.error({ err: error, path: c.req.path }, 'screen request failed');
    return c.json({ code: 'internal-error', title: 'the agent could not answer' }, 500);
  });
  return app;
}

function pageOf(pageDir: string) {
  const page = join(pageDir, 'index.html');
  const serve = serveStatic({ path: page });
  return async (c: Context, next: () => Promise<void>) => {
    if (!existsSync(page)) return c.text('The screen page has not been built: npm run build in dashboards.', 503);
    c.header('Cache-Control', 'no-cache');
    return serve(c, next);
  };
}

const cachedOnly = (cached: ReadonlySet<string>) => async (c: Context, next: () => Promise<void>) => {
  const sha256 = c.req.path.slice('/clips/'.length, -'.mp4'.length);
  if (!cached.has(sha256)) return c.json({ code: 'unknown-clip', title: 'this clip is not here' }, 404);
  await next();
  return undefined;
};

/** A clip is named by its hash, so it never changes. */
const clipFiles = (mediaDir: string) =>
  serveStatic({
    root: mediaDir,
    rewriteRequestPath: (path) => path.replace('/clips/', '/'),
    onFound: (_path, c) => {
      c.header('Cache-Control', 'private, max-age=31536000, immutable');
      c.header('Accept-Ranges', 'bytes');
    },
  });

const shortBody = bodyLimit({
  maxSize: reportBytesMax,
  onError: (c) => c.json({ code: 'report-too-long', title: 'a play report is short' }, 413),
});

async function takePulse(c: Context, { pulse }: ScreenServerParts): Promise<Response> {
  const parsed = screenPulse.safeParse(await c.req.json().catch(() => undefined));
  if (!parsed.success) return c.json({ code: 'malformed-pulse', title: 'this is not a pulse' }, 400);
  pulse(parsed.data);
  return c.body(null, 204);
}

async function takeReport(c: Context, { log, report }: ScreenServerParts): Promise<Response> {
  const body: unknown = await c.req.json().catch(() => undefined);
  const parsed = playReport.safeParse(body);
  if (!parsed.success) {
    log.warn({ issues: parsed.error.issues.slice(0, 3) }, 'malformed play report');
    return c.json({ code: 'malformed-report', title: 'this is not a play report' }, 400);
  }
  try {
    await report(parsed.data);
    return c.body(null, 204);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    log.warn({ code: error.code, decision: parsed.data.decision, ...error.details }, 'play report refused');
    return c.json({ code: error.code, title: error.message }, statusOf[error.code] ?? 500);
  }
}
