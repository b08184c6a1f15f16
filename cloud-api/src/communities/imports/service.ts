import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { after, hours, instant, invariant, newId, seconds } from '@gatecast/firmware-protocol';
import { z } from 'zod';
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
import { findCommunity } from '../store.ts';
import { applyRows, type ApplyParts } from './apply.ts';
import { checkRows, type CheckedRow } from './check.ts';
import type { ResidentImport, RowError } from './contract.ts';
import { createFileReader } from './file-reader.ts';
import { showImport } from './show.ts';
import * as rows from './store.ts';
import { changedSince, undoRows } from './undo.ts';

/** An import can be applied for this long after its check, and undone for this long after its end; then its rows are deleted. */
export const rowsKeptMs = hours(24);
/** Checked imports of one community that wait; each may hold 20,000 rows. */
const waitingMax = 20;
const errorsShown = 200;
const changedShown = 200;
/** Rows of one transaction: about 20 ms on SQLite, where a transaction is one turn of the event loop. */
const applyBatch = 50;
const undoBatch = 20;
const keepBatch = 500;

export interface Imports {
  /** Reads a file and says what it would do. Rejects with one of the `import-…` codes. */
  check(
    who: Account,
    communityId: string,
    file: { readonly filename: string; readonly bytes: Buffer },
    call: Call,
  ): Promise<ResidentImport>;
  /** Rejects with `not-found`. */
  get(q: Reads, id: string): Promise<ResidentImport>;
  list(communityId: string, paging: Paging): Promise<Page<ResidentImport>>;
  /** Rejects with `import-has-errors`, `import-too-late` or `import-state`. */
  apply(who: Account, id: string, options: { readonly skipErrors: boolean }, call: Call): Promise<ResidentImport>;
  /** Rejects with `import-changed-since` and the rows, with `import-too-late` or `import-state`. */
  undo(who: Account, id: string, options: { readonly skipChanged: boolean }, call: Call): Promise<ResidentImport>;
}

const task = z.object({ importId: z.string() });
type Work = 'applying' | 'undoing';
const jobOf: Record<Work, string> = { applying: 'communities.apply-import', undoing: 'communities.undo-import' };

/**
 * Residents from a file: checked first, applied by a job in small transactions, and taken back by another. A row is written in the transaction
 * that says so, so a program that dies in the middle goes on with the next row, and none is written twice. Neither the file nor a phone number
 * is ever stored; names and places of the rows go after a day.
 */
export function createImports(platform: Platform, identity: Identity, people: PeopleDesk): Imports {
  const { store, clock, audit, jobs, events } = platform;
  const reader = createFileReader();

  const found = async (q: Reads, id: string) => {
    const row = await rows.findImport(q, id);
    if (!row) throw notFound('import');
    return row;
  };
  const communityOf = async (q: Reads, id: string) => {
    const community = await findCommunity(q, id);
    invariant(community, 'an import belongs to a community');
    return community;
  };
  const show = async (q: Reads, id: string) => showImport(q, await found(q, id), rowsKeptMs);
  const tell = async (q: Tx, row: rows.ImportRow) => {
    const { id, communityId, state, done, of } = row;
    const companyId = (await communityOf(q, communityId)).propertyCompanyId;
    await events.emit(q, { type: 'import', subject: id, companyId, communityId, facts: { state, done, of } });
  };

  const begin = async (q: Tx, who: Account, row: rows.ImportRow, work: Work, of: number) => {
    const moved = await rows.moveImport(q, row.id, row.state, { state: work, done: 0, of });
    if (!moved) throw wrongState(row);
    await audit(q, {
      who,
      action: work === 'applying' ? 'import.apply' : 'import.undo',
      subject: row.id,
      facts: { of },
    });
    await jobs.add(q, jobOf[work], { importId: row.id }, { id: `${row.id}:${work}:${clock.now()}` });
    await tell(q, await found(q, row.id));
  };

  /** One small transaction; false when there is nothing left to do. */
  const step = async (importId: string, work: Work): Promise<boolean> =>
    store.tx(async (q) => {
      const row = await rows.findImport(q, importId);
      if (row?.state !== work) return false;
      const isApplying = work === 'applying';
      const batch = isApplying
        ? await rows.rowsAt(q, importId, 'waiting', applyBatch)
        : await rows.rowsAt(q, importId, 'applied', undoBatch);
      const parts: ApplyParts = {
        identity,
        people,
        community: await communityOf(q, row.communityId),
        now: clock.now(),
      };
      const errors = isApplying ? await applyRows(q, parts, batch) : await undoRows(q, platform, parts, batch);
      const isOver = batch.length === 0;
      const over = isApplying
        ? ({ state: 'applied', appliedAt: clock.now() } as const)
        : ({ state: 'undone' } as const);
      await rows.moveImport(q, importId, work, {
        done: row.done + batch.length,
        errors: [...row.errors, ...errors].slice(0, errorsShown),
        errorCount: row.errorCount + errors.length,
        ...(isOver ? over : {}),
      });
      await tell(q, await found(q, importId));
      return !isOver;
    });

  /** In turns; the import is `failed` until they are all there, and that is what stays if the program dies here. */
  const keepRows = async (importId: string, checked: readonly CheckedRow[]) => {
    for (let from = 0; from < checked.length; from += keepBatch) {
      const batch = checked.slice(from, from + keepBatch).map((row) => ({ importId, ...row }));
      await store.tx((q) => q.insertMany(q.t.residentImportRows, batch));
      await nextTurn();
    }
    await store.tx((q) => rows.moveImport(q, importId, 'failed', { state: 'checked' }));
  };

  for (const work of ['applying', 'undoing'] as const) {
    jobs.handle(jobOf[work], {
      leaseMs: seconds(10),
      async run(payload, { signal }) {
        const { importId } = task.parse(payload);
        while (await step(importId, work)) {
          // Whoever starts next goes on with the row that is next.
          signal.throwIfAborted();
          await nextTurn();
        }
      },
      async gaveUp(payload) {
        const { importId } = task.parse(payload);
        await store.tx(async (q) => {
          await rows.moveImport(q, importId, work, { state: 'failed', appliedAt: clock.now() });
          await tell(q, await found(q, importId));
        });
      },
    });
  }
  forgetOldRows(platform);

  return {
    get: show,
    async check(who, communityId, { filename, bytes }, call) {
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
      if (id === made.id) await keepRows(id, checked);
      return show(store.read, id);
    },
    async list(communityId, paging) {
      const t = store.read.t.residentImports;
      const page = newestFirst(t.at, t.id, paging);
      const listed = await rows.listImports(store.read, communityId, page);
      const { items, nextCursor } = page.page(
        listed,
        ({ at }) => at,
        (row) => row,
      );
      return { items: await Promise.all(items.map((row) => showImport(store.read, row, rowsKeptMs))), nextCursor };
    },
    async apply(who, id, { skipErrors }, call) {
      await store.tx((q) =>
        once(q, clock, call, async () => {
          const row = await found(q, id);
          if (row.state !== 'checked') throw wrongState(row);
          if (clock.now() >= after(row.at, rowsKeptMs)) throw tooLate();
          if (row.errorCount > 0 && !skipErrors)
            throw refusal('import-has-errors', 'some rows are wrong; say that they are to be left out', {
              errorCount: row.errorCount,
            });
          await begin(q, who, row, 'applying', row.newRows + row.changedRows);
        }),
      );
      return show(store.read, id);
    },
    async undo(who, id, { skipChanged }, call) {
      await store.tx((q) =>
        once(q, clock, call, async () => {
          const row = await found(q, id);
          if (row.state !== 'applied' && row.state !== 'failed') throw wrongState(row);
          if (row.appliedAt === null || clock.now() >= after(row.appliedAt, rowsKeptMs)) throw tooLate();
          const changed = skipChanged ? [] : await changedSince(q, id, changedShown);
          if (changed.length > 0)
            throw refusal('import-changed-since', 'somebody has changed some of these records since', {
              rows: changed,
            });
          await begin(q, who, row, 'undoing', await rows.countRows(q, id, 'applied'));
        }),
      );
      return show(store.read, id);
    },
  };
}

function newRow(checked: readonly { readonly change: string }[], errors: readonly RowError[]) {
  const many = (change: string) => checked.filter((one) => one.change === change).length;
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

const wrongState = ({ state }: rows.ImportRow) =>
  refusal('import-state', 'this import is not where it would have to be for that', { state });
const tooLate = () => refusal('import-too-late', 'a day is over, and with it what the file said');

function forgetOldRows({ store, clock, jobs }: Platform): void {
  jobs.handle('communities.forget-imports', {
    everyMs: hours(1),
    async run() {
      const before = instant(clock.now() - rowsKeptMs);
      for (const id of await rows.importsToForget(store.read, before)) {
        while (await store.tx((q) => rows.forgetRows(q, id, keepBatch))) await nextTurn();
      }
    },
  });
}
