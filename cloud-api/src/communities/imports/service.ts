import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { after, hours, newId } from '@gatecast/firmware-protocol';
import type { Identity } from '../../identity/service.ts';
import type { Account } from '../../platform/auth.ts';
import type { Page } from '../../platform/contract.ts';
import type { Reads, Tx } from '../../platform/db/store.ts';
import { notFound, refusal } from '../../platform/errors.ts';
import { once, type Call } from '../../platform/idempotency.ts';
import { newestFirst, type Paging } from '../../platform/newest-first.ts';
import type { Platform } from '../../platform/platform.ts';
import { today } from '../lease.ts';
import type { PeopleDesk } from '../people.ts';
import { checkRows, type CheckedRow } from './check.ts';
import type { ResidentImport, RowError } from './contract.ts';
import { createFileReader } from './file-reader.ts';
import { showImport } from './show.ts';
import * as rows from './store.ts';
import { changedSince } from './undo.ts';
import { communityOf, createImportWork, errorsShown, forgetOldRows, wrongState } from './work.ts';

/** An import can be applied for this long after its check, and undone for this long after its end; then its rows are deleted. */
const rowsKeptMs = hours(24);
/** Checked imports of one community that wait; each may hold 20,000 rows. */
const waitingMax = 20;
const changedShown = 200;
/** Rows stored in one transaction. */
const keepBatch = 500;

interface SentFile {
  readonly filename: string;
  readonly bytes: Buffer;
}

export interface Imports {
  /** Reads a file and says what it would do. Rejects with one of the `import-…` codes. */
  check(who: Account, communityId: string, file: SentFile, call: Call): Promise<ResidentImport>;
  /** Rejects with `not-found`. */
  get(q: Reads, id: string): Promise<ResidentImport>;
  list(communityId: string, paging: Paging): Promise<Page<ResidentImport>>;
  /** Rejects with `import-has-errors`, `import-too-late` or `import-state`. */
  apply(who: Account, id: string, options: { readonly skipErrors: boolean }, call: Call): Promise<ResidentImport>;
  /** Rejects with `import-changed-since` and the rows, with `import-too-late` or `import-state`. */
  undo(who: Account, id: string, options: { readonly skipChanged: boolean }, call: Call): Promise<ResidentImport>;
}

/**
 * Residents from a file: checked first, then applied, and taken back within a day. Neither the file nor a phone number is ever stored; names and
 * places of the rows go after a day.
 */
export function createImports(platform: Platform, identity: Identity, people: PeopleDesk): Imports {
  const { store, clock } = platform;
  const work = createImportWork(platform, identity, people);
  forgetOldRows(platform, rowsKeptMs);

  const found = async (q: Reads, id: string) => {
    const row = await rows.findImport(q, id);
    if (!row) throw notFound('import');
    return row;
  };
  const get = async (q: Reads, id: string) => showImport(q, await found(q, id), rowsKeptMs);
  const changed = async (id: string, call: Call, change: (q: Tx, row: rows.ImportRow) => Promise<void>) => {
    await store.tx((q) => once(q, clock, call, async () => change(q, await found(q, id))));
    return get(store.read, id);
  };

  return {
    get,
    check: createCheck(platform, identity, get),
    async list(communityId, paging) {
      const t = store.read.t.residentImports;
      const page = newestFirst(t.at, t.id, paging);
      const { items, nextCursor } = page.page(
        await rows.listImports(store.read, communityId, page),
        ({ at }) => at,
        (row) => row,
      );
      return { items: await Promise.all(items.map((row) => showImport(store.read, row, rowsKeptMs))), nextCursor };
    },
    apply: (who, id, { skipErrors }, call) =>
      changed(id, call, async (q, row) => {
        const { state, at, errorCount, newRows, changedRows } = row;
        if (state !== 'checked') throw wrongState(row);
        if (clock.now() >= after(at, rowsKeptMs)) throw tooLate();
        if (errorCount > 0 && !skipErrors)
          throw refusal('import-has-errors', 'some rows are wrong; say that they are to be left out', { errorCount });
        await work.begin(q, who, row, 'applying', newRows + changedRows);
      }),
    undo: (who, id, { skipChanged }, call) =>
      changed(id, call, async (q, row) => {
        if (row.state !== 'applied' && row.state !== 'failed') throw wrongState(row);
        if (row.appliedAt === null || clock.now() >= after(row.appliedAt, rowsKeptMs)) throw tooLate();
        const since = skipChanged ? [] : await changedSince(q, id, changedShown);
        if (since.length > 0)
          throw refusal('import-changed-since', 'somebody has changed some of these records since', { rows: since });
        await work.begin(q, who, row, 'undoing', await rows.countRows(q, id, 'applied'));
      }),
  };
}

function createCheck(platform: Platform, identity: Identity, get: Imports['get']): Imports['check'] {
  const { store, clock, audit } = platform;
  const reader = createFileReader();

  /** In turns; the import is `failed` until they are all there, and that is what stays if the program dies here. */
  const keepRows = async (importId: string, checked: readonly CheckedRow[]) => {
    for (let from = 0; from < checked.length; from += keepBatch) {
      const batch = checked.slice(from, from + keepBatch).map((row) => ({ importId, ...row }));
      await store.tx((q) => q.insertMany(q.t.residentImportRows, batch));
      await nextTurn();
    }
    await store.tx((q) => rows.moveImport(q, importId, 'failed', { state: 'checked' }));
  };

  return async (who, communityId, { filename, bytes }, call) => {
    const { zone } = await communityOf(store.read, communityId);
    const read = await reader.read(bytes, today(clock.now(), zone));
    const { checked, errors } = await checkRows(store.read, identity, communityId, read);
    const made = { ...newRow(checked, errors), id: newId('import'), communityId, filename };
    const { id } = await store.tx((q) =>
      once(q, clock, withFile(call, bytes), async () => {
        if ((await rows.countImports(q, communityId, 'checked')) >= waitingMax)
          throw refusal('import-too-many', 'apply some of the files that wait first, or come back tomorrow');
        await q.insert(q.t.residentImports).values({ ...made, accountId: who.accountId, at: clock.now() });
        await audit(q, { who, action: 'import.check', subject: made.id, facts: { rows: checked.length } });
        return { id: made.id };
      }),
    );
    // A repeated request: the first file stands.
    if (id === made.id) await keepRows(id, checked);
    return get(store.read, id);
  };
}

function newRow(checked: readonly CheckedRow[], errors: readonly RowError[]) {
  const many = (change: CheckedRow['change']) => checked.filter((one) => one.change === change).length;
  return {
    state: 'failed' as const,
    rows: checked.length,
    newRows: many('new'),
    changedRows: many('changed'),
    unchangedRows: many('unchanged'),
    errors: errors.slice(0, errorsShown),
    errorCount: errors.length,
    done: 0,
    of: 0,
  };
}

/** The body was not read as text, so its hash makes the request's print whole. */
const withFile = (call: Call, bytes: Buffer): Call => ({
  ...call,
  requestHash: `${call.requestHash}.${createHash('sha256').update(bytes).digest('base64url')}`,
});

const tooLate = () => refusal('import-too-late', 'a day is over, and with it what the file said');
