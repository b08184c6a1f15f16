import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { DomainError, type Clock } from '@gatecast/firmware-protocol';
import {
  playReport,
  screenPulse,
  type PlayReport,
  type ScreenEvents,
  type ScreenPulse,
  type ScreenState,
} from '@gatecast/firmware-protocol/messages';
import type { Logger } from 'pino';
import { localRoutes } from '../on-site/local-routes.ts';
import type { OnSiteStatus } from '../on-site/status.ts';
import { createScreenFeed, type ScreenFeed } from './screen-feed.ts';
import { isLocal, policyHeaders, withToken } from './screen-guard.ts';
import {
  callOf,
  forJson,
  sendNothing,
  sendProblem,
  sendText,
  type ScreenAnswer,
  type ScreenCall,
  type ScreenRoutes,
} from './screen-http.ts';
import { probeRoutes } from './screen-probe-routes.ts';
import type { ProbeAnswers } from './screen-probes.ts';
import { sendFile } from './static-file.ts';

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
  /** Clips and stills that may be served. */
  readonly cached: ReadonlySet<string>;
  readonly state: () => ScreenState;
  /** What an installer on the spot is told. */
  readonly onSite: () => Promise<OnSiteStatus>;
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

  const routes = routesOf(parts, feed);
  const fileRoutes = fileRoutesOf(parts);
  const policy = Object.entries(policyHeaders(parts.frameAncestors));

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const [name, value] of policy) if (value !== undefined) response.setHeader(name, value);
    if (!isLocal(request, port)) return sendText(response, 403, 'Forbidden');
    const call = callOf(request, response);
    const route =
      call && (routes[`${request.method} ${call.path}`] ?? (asksFor(request) ? fileRoutes(call) : undefined));
    return route ? route(call) : sendProblem(response, 404, { code: 'not-found', title: 'there is nothing here' });
  };

  const answerOrFail = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch((error: unknown) => {
      // Whoever asked has gone away, which is no fault.
      if (response.destroyed) return;
      parts.log.error({ err: error, path: request.url?.replace(/\?.*/, '') }, 'screen request failed');
      if (response.headersSent) response.destroy();
      else sendProblem(response, 500, { code: 'internal-error', title: 'the agent could not answer' });
    });
  };

  return {
    async start() {
      const made = createServer(answerOrFail);
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

function routesOf(parts: ScreenServerParts, feed: ScreenFeed): ScreenRoutes {
  const { pageDir } = parts;
  const guarded = withToken(parts.token);
  return {
    'GET /': guarded((call) => sendPage(call, join(pageDir, 'index.html'))),
    'GET /events': guarded(({ response }) => feed.join(response)),
    'POST /plays': guarded(playsRoute(parts)),
    'POST /pulse': guarded(pulseRoute(parts)),
    ...probeRoutes(guarded, parts),
    ...localRoutes(guarded, parts.onSite),
  };
}

const asksFor = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

/** Routes whose last part is a file's name. */
function fileRoutesOf({
  token,
  pageDir,
  mediaDir,
  cached,
}: ScreenServerParts): (call: ScreenCall) => ScreenAnswer | undefined {
  const guarded = withToken(token);
  return ({ path }) => {
    const [, sha256, form] = /^\/clips\/([0-9a-f]{64})\.(mp4|jpg)$/.exec(path) ?? [];
    if (sha256 !== undefined)
      return guarded((call) => sendMedia(call, join(mediaDir, `${sha256}.${form}`), cached.has(sha256)));
    const asset = /^\/assets\/([\w-][\w.-]*)$/.exec(path)?.[1];
    return asset === undefined ? undefined : (call) => sendFile(call, join(pageDir, 'assets', asset));
  };
}

async function sendPage(call: ScreenCall, page: string): Promise<void> {
  if (existsSync(page)) return sendFile(call, page, { 'Cache-Control': 'no-cache' });
  return sendText(call.response, 503, 'The screen page has not been built: npm run build in dashboards.');
}

/** A clip and its still are named by their hashes, so they never change. */
async function sendMedia(call: ScreenCall, path: string, isHere: boolean): Promise<void> {
  if (!isHere) return sendProblem(call.response, 404, { code: 'unknown-clip', title: 'this clip is not here' });
  return sendFile(call, path, { 'Cache-Control': 'private, max-age=31536000, immutable' });
}

const tooLong = { code: 'report-too-long', title: 'a play report is short' };

const pulseRoute = ({ pulse }: ScreenServerParts): ScreenAnswer =>
  forJson(
    {
      schema: screenPulse,
      bytesMax: reportBytesMax,
      tooLong,
      malformed: { code: 'malformed-pulse', title: 'this is not a pulse' },
    },
    (value, { response }) => {
      pulse(value);
      sendNothing(response);
    },
  );

const playsRoute = ({ log, report }: ScreenServerParts): ScreenAnswer =>
  forJson(
    {
      schema: playReport,
      bytesMax: reportBytesMax,
      tooLong,
      malformed: { code: 'malformed-report', title: 'this is not a play report' },
    },
    async (value, { response }) => {
      try {
        await report(value);
        sendNothing(response);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        log.warn({ code: error.code, decision: value.decision, ...error.details }, 'play report refused');
        sendProblem(response, statusOf[error.code] ?? 500, { code: error.code, title: error.message });
      }
    },
  );
