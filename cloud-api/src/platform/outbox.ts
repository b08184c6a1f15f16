import { seconds, type InstantMs } from '@gatecast/firmware-protocol';
import type { Reads, Tx } from './db/store.ts';
import type { Jobs } from './jobs.ts';

const attemptsMax = 12;
const concurrency = 8;

export interface Outbox {
  /** Says how messages of a kind leave; before start. `id` goes to the other side as its idempotency key. */
  handle(kind: string, send: (payload: unknown, id: string, signal: AbortSignal) => Promise<void>): void;
  /** A call to the outside that the transaction makes necessary. It leaves at once after the commit; the sweeper only catches up. */
  send(q: Tx, kind: string, payload: unknown, id?: string): Promise<void>;
  /** When calls are tried next; one that has arrived or was given up is not in it. */
  nextTries(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, InstantMs>>;
}

/** Calls to the outside, at least once, after the commit that wants them. The payload is deleted once it has been delivered. */
export function createOutbox(jobs: Jobs): Outbox {
  return {
    handle(kind, send) {
      jobs.handle(`outbox:${kind}`, {
        run: (payload, { id, signal }) =>
          send(payload, id, AbortSignal.any([signal, AbortSignal.timeout(seconds(20))])),
        leaseMs: seconds(30),
        attemptsMax,
        forgetPayload: true,
        concurrency,
      });
    },
    send: (q, kind, payload, id) => jobs.add(q, `outbox:${kind}`, payload, id === undefined ? {} : { id }),
    nextTries: (q, ids) => jobs.nextRuns(q, ids),
  };
}
