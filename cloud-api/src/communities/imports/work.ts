import { setImmediate as nextTurn } from 'node:timers/promises';
import { hours, instant, invariant, seconds, type DurationMs } from '@gatecast/firmware-protocol';
import { z } from 'zod';
import type { Identity } from '../../identity/service.ts';
import type { Account } from '../../platform/auth.ts';
import type { Reads, Tx } from '../../platform/db/store.ts';
import { refusal } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import type { PeopleDesk } from '../people.ts';
import { findCommunity } from '../store.ts';
import { applyRows, type ApplyParts } from './apply.ts';
import * as rows from './store.ts';
import { undoRows } from './undo.ts';

export const errorsShown = 200;
/** Rows of one transaction: about 20 ms on SQLite, where a transaction is one turn of the event loop. */
const applyBatch = 50;
const undoBatch = 20;
const forgetBatch = 500;

const task = z.object({ importId: z.string() });
type Work = 'applying' | 'undoing';
const jobOf: Record<Work, string> = { applying: 'communities.apply-import', undoing: 'communities.undo-import' };

export interface ImportWork {
  /** Has the rows of an import written, or taken back, after the commit. Rejects with `import-state`. */
  begin(q: Tx, who: Account, row: rows.ImportRow, work: Work, of: number): Promise<void>;
}

/**
 * Writes rows and takes them back, by jobs, in small transactions. A row is written in the transaction that says so: a program that dies in the
 * middle goes on with the next row, and none is written twice.
 */
export function createImportWork(platform: Platform, identity: Identity, people: PeopleDesk): ImportWork {
  const { store, clock, audit, jobs } = platform;

  /** One small transaction; false when there is nothing left to do. */
  const step = (importId: string, work: Work): Promise<boolean> =>
    store.tx(async (q) => {
      const row = await rows.findImport(q, importId);
      if (row?.state !== work) return false;
      const community = await communityOf(q, row.communityId);
      const parts: ApplyParts = { identity, people, community, now: clock.now() };
      const isApplying = work === 'applying';
      const [at, limit] = isApplying ? (['waiting', applyBatch] as const) : (['applied', undoBatch] as const);
      const batch = await rows.rowsAt(q, importId, at, limit);
      const errors = isApplying ? await applyRows(q, parts, batch) : await undoRows(q, platform, parts, batch);
      const over = isApplying ? { state: 'applied' as const, appliedAt: clock.now() } : { state: 'undone' as const };
      const isOver = batch.length === 0;
      await rows.moveImport(q, importId, work, {
        done: row.done + batch.length,
        errors: [...row.errors, ...errors].slice(0, errorsShown),
        errorCount: row.errorCount + errors.length,
        ...(isOver ? over : {}),
      });
      await tell(q, platform, importId);
      return !isOver;
    });

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
          await tell(q, platform, importId);
        });
      },
    });
  }

  return {
    async begin(q, who, row, work, of) {
      if (!(await rows.moveImport(q, row.id, row.state, { state: work, done: 0, of }))) throw wrongState(row);
      const action = work === 'applying' ? 'import.apply' : 'import.undo';
      await audit(q, { who, action, subject: row.id, facts: { of } });
      await jobs.add(q, jobOf[work], { importId: row.id }, { id: `${row.id}:${work}:${clock.now()}` });
      await tell(q, platform, row.id);
    },
  };
}

export const wrongState = ({ state }: rows.ImportRow) =>
  refusal('import-state', 'this import is not where it would have to be for that', { state });

export async function communityOf(q: Reads, id: string) {
  const community = await findCommunity(q, id);
  invariant(community, 'an import belongs to a community');
  return community;
}

async function tell(q: Tx, { events }: Platform, importId: string): Promise<void> {
  const row = await rows.findImport(q, importId);
  invariant(row, 'an import stays when its rows go');
  const { id, communityId, state, done, of } = row;
  const companyId = (await communityOf(q, communityId)).propertyCompanyId;
  await events.emit(q, { type: 'import', subject: id, companyId, communityId, facts: { state, done, of } });
}

/** Deletes the rows of imports that can neither be applied nor undone any more. */
export function forgetOldRows({ store, clock, jobs }: Platform, keptMs: DurationMs): void {
  jobs.handle('communities.forget-imports', {
    everyMs: hours(1),
    async run() {
      for (const id of await rows.importsToForget(store.read, instant(clock.now() - keptMs))) {
        while (await store.tx((q) => rows.forgetRows(q, id, forgetBatch))) await nextTurn();
      }
    },
  });
}
