import type { MessagePort } from 'node:worker_threads';
import { DomainError } from '@gatecast/firmware-protocol';
import Database from 'better-sqlite3';
import type { JournalCap } from '../journal/retention.ts';
import { migrate } from './migrations.ts';
import { operationsOn } from './operations.ts';
import { closing, type StoreFault, type StoreReply, type StoreRequest } from './thread-messages.ts';

/** A group commit takes at most this many requests, so that no reply waits long for its group. */
const groupMax = 512;

/**
 * Owns the terminal's database. Requests that arrive while a commit is on its way to the disk share the next transaction;
 * a reply leaves only after the commit that holds its request.
 */
export function serveStore(port: MessagePort, file: string, cap: JournalCap): void {
  const db = openDatabase(file);
  const operations = operationsOn(db, cap);
  const waiting: StoreRequest[] = [];

  /** The one place where a request's argument gets its type back: both ends take it from `Operations`. */
  const run = (request: StoreRequest): unknown => {
    const operation = operations[request.operation] as (argument: unknown) => unknown;
    return operation(request.argument);
  };
  const runAlone = db.transaction(run);
  const runGroup = db.transaction((group: readonly StoreRequest[]) =>
    group.map((request): StoreReply => {
      try {
        return { id: request.id, result: runAlone(request) };
      } catch (error) {
        if (!db.inTransaction) throw error;
        return { id: request.id, error: faultOf(error) };
      }
    }),
  );

  const commit = () => {
    const group = waiting.splice(0, groupMax);
    for (const reply of settle(group, (requests) => runGroup.immediate(requests))) port.postMessage(reply);
    if (waiting.length > 0) setImmediate(commit);
    if (!group.some((request) => request.operation === closing)) return;
    db.close();
    port.close();
  };

  port.on('message', (request: StoreRequest) => {
    if (waiting.push(request) === 1) setImmediate(commit);
  });
}

function openDatabase(file: string): Database.Database {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('journal_size_limit = 16777216');
  migrate(db);
  return db;
}

/** One request may fail alone, a bug included: the others and the thread go on. */
function faultOf(error: unknown): StoreFault {
  if (error instanceof DomainError) return { code: error.code, message: error.message };
  if (error instanceof Database.SqliteError) return cannotCommit(error);
  return { code: 'internal', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

const cannotCommit = (error: InstanceType<typeof Database.SqliteError>): StoreFault => ({
  code: 'cannot-commit',
  message: `${error.code}: ${error.message}`,
});

/** Runs a group; when the disk refuses the transaction, everybody in it hears `cannot-commit`. */
function settle(
  group: readonly StoreRequest[],
  runGroup: (group: readonly StoreRequest[]) => StoreReply[],
): StoreReply[] {
  try {
    return runGroup(group);
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    return group.map(({ id }) => ({ id, error: cannotCommit(error) }));
  }
}
