import type Database from 'better-sqlite3';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a commit waits for the transactions behind it: what one of them may be later for, and far below the 50 ms that no turn may take. */
const gatherMs = 8;
const savepoint = 'shared_commit';

interface Waiting {
  readonly shares: boolean;
  /** Does the work; what it resolves with tells its caller how it ended, and is called when that is on the disk. */
  readonly run: () => Promise<() => void>;
  readonly fail: (error: unknown) => void;
}

export interface SharedCommits {
  /** `durable` runs right after the commit, before the caller hears of it. Without `shares` the work has a commit to itself. */
  readonly tx: <R>(
    work: () => Promise<R>,
    how: { readonly shares: boolean; readonly durable: () => void },
  ) => Promise<R>;
  /** Resolves when what waits now has ended. */
  readonly idle: () => Promise<void>;
}

/**
 * Transactions of one connection in turn, several to a commit. A commit waits for the disk, and that is most of what a small
 * transaction takes; those that may share one and wait for the writer meanwhile share the next. Each has a savepoint of its own, so a failure
 * takes back only what it did, and nobody hears how it ended before the commit that holds it: an answer may rest on a
 * transaction that went before. Between two commits the loop takes a turn.
 *
 * A commit that fails, fails all that it held.
 */
export function sharedCommits(writer: Database.Database): SharedCommits {
  const queue: Waiting[] = [];
  let drained = Promise.resolve();
  let isDraining = false;

  const follows = (last: Waiting, until: number): boolean =>
    last.shares && queue[0]?.shares === true && performance.now() < until;

  const commitNext = async (): Promise<void> => {
    const held: Waiting[] = [];
    const ended: (() => void)[] = [];
    try {
      writer.exec('BEGIN IMMEDIATE');
      const until = performance.now() + gatherMs;
      for (let next = queue.shift(); next; next = follows(next, until) ? queue.shift() : undefined) {
        held.push(next);
        ended.push(await next.run());
      }
      writer.exec('COMMIT');
    } catch (error) {
      if (writer.inTransaction) writer.exec('ROLLBACK');
      if (held.length === 0) held.push(...queue.splice(0, 1));
      for (const { fail } of held) fail(error);
      return;
    }
    for (const tell of ended) tell();
  };

  const drain = async (): Promise<void> => {
    while (queue.length > 0) {
      await commitNext();
      if (queue.length > 0) await nextTurn();
    }
    isDraining = false;
  };

  return {
    tx(work, { shares, durable }) {
      return new Promise((resolve, reject) => {
        const told = (result: Awaited<ReturnType<typeof work>>) => () => {
          durable();
          resolve(result);
        };
        const run = async () => {
          // Alone, the commit itself takes back what failed.
          if (!shares) return told(await work());
          writer.exec(`SAVEPOINT ${savepoint}`);
          try {
            const result = await work();
            writer.exec(`RELEASE ${savepoint}`);
            return told(result);
          } catch (error) {
            // Without a transaction the database itself has taken all of it back (a full disk): nothing that it held goes on.
            if (!writer.inTransaction) throw error;
            writer.exec(`ROLLBACK TO ${savepoint}`);
            writer.exec(`RELEASE ${savepoint}`);
            return () => reject(error);
          }
        };
        queue.push({ shares, run, fail: reject });
        if (isDraining) return;
        isDraining = true;
        drained = Promise.resolve().then(drain);
      });
    },
    idle: () => drained,
  };
}
