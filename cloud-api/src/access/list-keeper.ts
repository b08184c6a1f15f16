import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../platform/log.ts';
import { buildLists, type BuildParts } from './list-builder.ts';
import * as rows from './list-store.ts';

/** A burst of changes makes one version: what comes within this time goes into the same build. */
const gatherMs = 150;
/** How often the changes of other processes are looked for, which they may have died with. */
const lookEveryMs = 2_000;
const retryMs = 1_000;

/**
 * Keeps the lists of all communities up to date with what has changed: at once after a commit of this process, and at the start and every two
 * seconds for what somebody else left behind. One community at a time.
 */
export class ListKeeper {
  readonly #parts: BuildParts;
  readonly #log: Logger;
  readonly #waiting = new Set<string>();
  /** The oldest change of each community at the last look: what is still there at the next one is nobody's. */
  #seen = new Map<string, number>();
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopping = new AbortController();

  constructor(parts: BuildParts, log: Logger) {
    this.#parts = parts;
    this.#log = log;
  }

  async start(): Promise<void> {
    this.#stopping = new AbortController();
    for (const { communityId } of await rows.changedCommunities(this.#parts.store.read)) this.wake(communityId);
    this.#timer = setInterval(() => void this.#look(), lookEveryMs);
  }

  /** What has not been made is made by whoever starts next. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#running;
    await this.#parts.worker.stop();
  }

  /** Something of the community has changed, and the change is committed. */
  wake(communityId: string): void {
    this.#waiting.add(communityId);
    if (this.#stopping.signal.aborted) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#waiting.size > 0) this.#rouse();
    });
  }

  /** Resolves when the lists tell of everything that was committed before. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  #rouse(): void {
    const [first] = this.#waiting;
    if (first !== undefined) this.wake(first);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (this.#waiting.size > 0 && !signal.aborted) {
      await pause(gatherMs, signal);
      const communities = [...this.#waiting];
      for (const communityId of communities) {
        if (signal.aborted) return;
        this.#waiting.delete(communityId);
        await this.#build(communityId);
      }
    }
  }

  async #build(communityId: string): Promise<void> {
    const { signal } = this.#stopping;
    try {
      while ((await buildLists(this.#parts, communityId)) === 'again') if (signal.aborted) return;
    } catch (err) {
      this.#log.error({ err, communityId }, 'the access lists of a community could not be made');
      this.#waiting.add(communityId);
      await pause(retryMs, signal);
    }
  }

  async #look(): Promise<void> {
    try {
      const found = await rows.changedCommunities(this.#parts.store.read);
      for (const { communityId, firstNo } of found) {
        if (this.#seen.get(communityId) === firstNo) this.wake(communityId);
      }
      this.#seen = new Map(found.map(({ communityId, firstNo }) => [communityId, firstNo ?? 0]));
    } catch (err) {
      this.#log.warn({ err }, 'cannot look for changes of access lists');
    }
  }
}

/** Over early when the program stops. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal, ref: false }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
