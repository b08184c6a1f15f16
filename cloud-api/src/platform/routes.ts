import type { Clock } from '@gatecast/firmware-protocol';
import { z } from 'zod';
import { anyAccount, type Account, type Authenticate } from './auth.ts';
import type { Logger } from './log.ts';
import type { Platform } from './platform.ts';
import { referenceRoutes } from './reference.ts';
import { staticPages } from './static.ts';

const heartbeatMs = 15_000;
const callerCheckedMs = 1_000;
const eventId = z.coerce.number().int().nonnegative();

/** Health, metrics, keys, live events, the reference and the pages. */
export function platformRoutes(platform: Platform): void {
  const { api, store, metrics, tokens, config, log } = platform;
  api.app.get('/healthz', (c) => c.json({ ok: true }));
  api.app.get('/readyz', async (c) => {
    try {
      await store.ping();
    } catch (err) {
      log.error({ err }, 'the database does not answer');
      return c.json({ ready: false }, 503);
    }
    const parts = Object.fromEntries([...platform.readiness].map(([name, isReady]) => [name, isReady()]));
    return c.json({ ready: true, broker: platform.link.connected, ...parts });
  });
  api.app.get('/metrics', async (c) =>
    c.body(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType }),
  );
  api.app.get('/.well-known/jwks.json', async (c) =>
    c.json(await tokens.jwks(), 200, { 'cache-control': 'public, max-age=60' }),
  );
  eventRoutes(platform);
  referenceRoutes(api);
  staticPages(api.app, config.dashboardsDir, config.frameAncestors);
}

function eventRoutes({ api, events, clock, log, authenticate }: Platform): void {
  api.route(
    {
      method: 'get',
      path: '/v1/events',
      tag: 'platform',
      summary: 'Live events of the own scope as server-sent events; resumes after Last-Event-ID or ?after=',
      right: anyAccount,
      query: z.object({ after: eventId.optional() }),
    },
    async ({ who, query, request }) => {
      const header = request.headers.get('last-event-id');
      const after = (header === null ? query.after : eventId.parse(header)) ?? events.newestId();
      const isSame = sameCaller(authenticate, clock, who, request);
      return eventStream(request.signal, after, (signal) => events.follow(who, after, signal), { isSame, log });
    },
  );
}

/**
 * Whether the caller of a long answer is still who it was: signed in, with the same rights. Asked before each event and now and then between
 * them; the answer holds for a second.
 */
function sameCaller(authenticate: Authenticate, clock: Clock, who: Account, request: Request): () => Promise<boolean> {
  const bearer = request.headers.get('authorization')?.slice('Bearer '.length) ?? '';
  const before = JSON.stringify(who);
  let checkedAt = clock.mono();
  return async () => {
    if (clock.mono() - checkedAt < callerCheckedMs) return true;
    checkedAt = clock.mono();
    return JSON.stringify(await authenticate(bearer)) === before;
  };
}

/**
 * Server-sent events with a comment now and then, so that a dead connection is noticed on both sides. Begins with the id from which it goes on: a page that
 * loses its connection before the first event comes back to there. Ends when the caller is not the same any more.
 */
function eventStream(
  closed: AbortSignal,
  after: number,
  follow: (signal: AbortSignal) => AsyncGenerator<{ readonly id: number; readonly type: string }>,
  { isSame, log }: { readonly isSame: () => Promise<boolean>; readonly log: Logger },
): Response {
  const ended = new AbortController();
  closed.addEventListener('abort', () => ended.abort(), { once: true });
  const encoder = new TextEncoder();
  const events = follow(ended.signal);
  let heartbeat: NodeJS.Timeout | undefined;
  const end = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    clearInterval(heartbeat);
    if (ended.signal.aborted) return;
    ended.abort();
    controller.close();
  };
  const beat = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    if (!(await isSame())) return end(controller);
    if (!ended.signal.aborted && (controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(': \n\n'));
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(`id: ${after}\n: connected\n\n`));
      // A database that does not answer says nothing about the caller: the next beat asks again.
      heartbeat = setInterval(
        () =>
          void beat(controller).catch((err: unknown) => log.warn({ err }, 'cannot check who follows the live events')),
        heartbeatMs,
      );
    },
    // One event a pull: a page that does not read costs no memory here.
    async pull(controller) {
      const { value, done } = await events.next().catch((error: unknown) => {
        clearInterval(heartbeat);
        throw error;
      });
      if (!done && (await isSame())) return controller.enqueue(encoder.encode(messageOf(value)));
      end(controller);
    },
    cancel() {
      clearInterval(heartbeat);
      ended.abort();
      // It may stand at an event that nobody fetched any more; without this it would be woken for ever.
      void events.return(undefined);
    },
  });
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' },
  });
}

const messageOf = (event: { readonly id: number; readonly type: string }): string =>
  `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
