import type { ServerResponse } from 'node:http';
import { doorProblem } from './http-problem.ts';

/** A watcher is a page; nobody has more of them open on one door. */
const WATCHERS_MAX = 16;
const KEEP_ALIVE_MS = 15_000;

export interface Watchable {
  state(): object;
  /** Each change from now on. Returns how to stop listening. */
  watch(listener: (state: object) => void): () => void;
}

/** `GET /events`: server-sent events to a bounded number of pages, the whole state with each. */
export class StateWatchers {
  readonly #station: Watchable;
  #watchers = 0;

  constructor(station: Watchable) {
    this.#station = station;
  }

  /** Rejects with `too-many-watchers`. */
  add(response: ServerResponse): void {
    if (this.#watchers >= WATCHERS_MAX) {
      throw doorProblem('too-many-watchers', `At most ${WATCHERS_MAX} pages can watch one door.`);
    }
    this.#watchers += 1;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const tell = (state: unknown): void => {
      response.write(`data: ${JSON.stringify(state)}\n\n`);
    };
    tell(this.#station.state());
    const unwatch = this.#station.watch(tell);
    const keepAlive = setInterval(() => response.write(': still here\n\n'), KEEP_ALIVE_MS);
    response.once('close', () => {
      this.#watchers -= 1;
      clearInterval(keepAlive);
      unwatch();
    });
  }
}
