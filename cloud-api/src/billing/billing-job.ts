import { minutes, seconds, instant } from '@gatecast/firmware-protocol';
import type { Exposures } from '../exposure/service.ts';
import type { Platform } from '../platform/platform.ts';
import { billHalfHour, closeBill, markReport, type BillParts } from './bill.ts';
import { issue } from './invoices.ts';
import { issueAfterMs } from './rules.ts';
import * as rows from './store.ts';

const billEveryMs = minutes(1);
/** Looked at together. */
const perLook = 200;

export interface BillingJobParts extends BillParts {
  readonly exposures: Pick<Exposures, 'reports' | 'onReport'>;
}

/** Bills what was reported, closes what was settled and issues what is due: each step in a transaction of its own, so that a killed run leaves nothing half. */
export function billAsReported(
  platform: Platform,
  parts: BillingJobParts,
): { readonly run: (signal: AbortSignal) => Promise<void> } {
  parts.exposures.onReport((q, report) => markReport(q, report));
  const run = async (signal: AbortSignal): Promise<void> => {
    await billMarked(platform, parts, signal);
    await closeSettled(platform, parts, signal);
    await issueDue(platform, signal);
  };
  platform.jobs.handle('billing.bill', {
    everyMs: billEveryMs,
    leaseMs: seconds(30),
    renewsLease: true,
    run: (_payload, { signal }) => run(signal),
  });
  return { run };
}

async function billMarked(platform: Platform, parts: BillParts, signal: AbortSignal): Promise<void> {
  const { store } = platform;
  for (;;) {
    const marks = await rows.oldestMarks(store.read, perLook);
    for (const mark of marks) {
      if (signal.aborted) return;
      await store.tx(async (q) => {
        if (await rows.takeMark(q, mark)) await billHalfHour(platform, parts, q, mark);
      });
    }
    if (marks.length < perLook) return;
  }
}

async function closeSettled(platform: Platform, parts: BillParts, signal: AbortSignal): Promise<void> {
  const { store } = platform;
  let last = '';
  for (;;) {
    const ids = await rows.settledOpenBills(store.read, last, perLook);
    for (const id of ids) {
      if (signal.aborted) return;
      // What was reported before bills were made has no mark.
      for (const cell of await rows.unbilledCells(store.read, id))
        await store.tx((q) => billHalfHour(platform, parts, q, cell));
      await store.tx((q) => closeBill(platform, parts, q, id));
    }
    last = ids.at(-1) ?? last;
    if (ids.length < perLook) return;
  }
}

async function issueDue(platform: Platform, signal: AbortSignal): Promise<void> {
  const { store, clock } = platform;
  for (;;) {
    const drafts = await rows.dueDrafts(store.read, instant(clock.now() - issueAfterMs), perLook);
    for (const draft of drafts) {
      if (signal.aborted) return;
      await store.tx(async (q) => {
        await q.lock(`billing:${draft.bookingId}`);
        await issue(platform, q, draft);
      });
    }
    if (drafts.length < perLook) return;
  }
}
