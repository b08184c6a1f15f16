import type { LiveEvent } from '@gatecast/cloud-api/client';
import { backoffMs } from './backoff.ts';
import { createEventStreamParser } from './event-stream-parser.ts';

/** `live`: events arrive as they happen; `waiting`: the connection is down and will be tried again; `refused`: the token is void. */
export type LiveState = 'connecting' | 'live' | 'waiting' | 'refused';

export interface LiveStreamOptions {
  readonly url: string;
  readonly token: () => string | undefined;
  readonly onEvent: (event: LiveEvent) => void;
  readonly onState: (state: LiveState) => void;
}

/** No sign of life for so long means a dead connection; the cloud sends a comment more often. */
const silenceMaxMs = 45_000;

/**
 * Server-sent events over fetch, because EventSource cannot carry a bearer token. Comes back by itself after the last event that
 * was seen. `start` and `stop` may be called once each.
 */
export function createLiveStream({ url, token, onEvent, onState }: LiveStreamOptions) {
  const stopping = new AbortController();
  let lastId: string | undefined;

  async function connect(): Promise<'ended' | 'refused'> {
    const dropping = new AbortController();
    const drop = (): void => dropping.abort();
    let timer = setTimeout(drop, silenceMaxMs);
    let isLive = false;
    stopping.signal.addEventListener('abort', drop);
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream', authorization: `Bearer ${token() ?? ''}` };
      if (lastId) headers['last-event-id'] = lastId;
      const answer = await fetch(url, { headers, signal: dropping.signal });
      if (answer.status === 401) return 'refused';
      if (!answer.ok || !answer.body) return 'ended';
      const parser = createEventStreamParser(({ data }) => onEvent(JSON.parse(data) as LiveEvent));
      const decoder = new TextDecoder();
      const reader = answer.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return 'ended';
        clearTimeout(timer);
        timer = setTimeout(drop, silenceMaxMs);
        parser.take(decoder.decode(value, { stream: true }));
        lastId = parser.lastId() || lastId;
        // From here on nothing is missed, so whoever reads lists now has all that happened before.
        if (!isLive) onState('live');
        isLive = true;
      }
    } finally {
      clearTimeout(timer);
      stopping.signal.removeEventListener('abort', drop);
    }
  }

  async function run(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt += 1) {
      onState('connecting');
      const began = performance.now();
      // A broken connection is the normal end here; what follows is the wait and the next try.
      const end = await connect().catch((): 'ended' => 'ended');
      if (stopping.signal.aborted) return;
      if (end === 'refused') return onState('refused');
      if (performance.now() - began > silenceMaxMs) attempt = 0;
      onState('waiting');
      await waited(backoffMs(attempt, Math.random()), stopping.signal);
    }
  }

  return { start: (): void => void run(), stop: (): void => stopping.abort() };
}

function waited(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
