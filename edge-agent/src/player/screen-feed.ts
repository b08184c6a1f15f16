import { screenBeatEveryMs, type ScreenEvents, type ScreenState } from '@gatecast/firmware-protocol/messages';
import type { ServerResponse } from 'node:http';
import type { Clock } from '@gatecast/firmware-protocol';
import { sendProblem } from './screen-http.ts';

export interface ScreenFeed {
  send<E extends keyof ScreenEvents>(event: E, data: ScreenEvents[E]): void;
  /** A server-sent event stream that begins with the current state. */
  join(response: ServerResponse): void;
  readonly size: number;
  start(): void;
  stop(): void;
}

export interface ScreenFeedParts {
  readonly clock: Clock;
  readonly state: () => ScreenState;
  /** A page came or went. */
  readonly changed: () => void;
}

/** The screen itself, a preview or two, and those that have not noticed yet that they are gone. */
const pagesMax = 8;
/** A page that has so many messages outstanding does not read; it comes back by itself. */
const unreadMax = 64;
const retryMs = 1_000;

const eventStream = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' };

interface Page {
  send(event: string, data: unknown): void;
  leave(): void;
}

/** Tells every page what happens. A page that comes late or again gets the whole state at once. */
export function createScreenFeed({ clock, state, changed }: ScreenFeedParts): ScreenFeed {
  const pages = new Set<Page>();
  let beat: NodeJS.Timeout | undefined;

  const send: ScreenFeed['send'] = (event, data) => {
    for (const page of pages) page.send(event, data);
  };

  return {
    send,
    get size() {
      return pages.size;
    },
    join(response) {
      if (pages.size >= pagesMax) {
        sendProblem(response, 503, { code: 'too-many-screens', title: 'too many pages are open' });
        return;
      }
      let unread = 0;
      const page: Page = {
        send(event, data) {
          unread += 1;
          // Not in this turn: whoever sends is in the middle of a change and must not hear of another.
          if (unread > unreadMax) queueMicrotask(() => page.leave());
          response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\nretry: ${retryMs}\n\n`, () => (unread -= 1));
        },
        leave() {
          if (pages.delete(page)) changed();
          response.destroy();
        },
      };
      response.writeHead(200, eventStream);
      response.once('close', () => page.leave());
      response.once('error', () => page.leave());
      pages.add(page);
      changed();
      page.send('state', state());
    },
    start() {
      beat = setInterval(() => send('beat', { now: clock.now() }), screenBeatEveryMs);
      beat.unref();
    },
    stop() {
      clearInterval(beat);
      for (const page of pages) page.leave();
      pages.clear();
    },
  };
}
