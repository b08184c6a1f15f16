import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Manager } from '../communities/service.ts';
import { accountNames } from '../identity/account-names.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type {
  Commissioning,
  CommissioningItem,
  CommissioningRun,
  commissioningSignOff,
  commissioningWord,
} from './commissioning-contract.ts';
import { itemsOf, openItems } from './commissioning-rules.ts';
import { itemsOfRun, listRuns, newestRun, type ItemRow, type RunRow } from './commissioning-store.ts';
import * as rows from './store.ts';

export interface CommissioningDesk {
  /** The newest run, as far as it is. */
  show(terminalId: string): Promise<Commissioning>;
  /** Begins anew. Rejects with `terminal-unclaimed` or `terminal-revoked`. */
  start(who: Manager, terminalId: string, call: Call): Promise<Commissioning>;
  /** What somebody says of an item. Rejects with `commissioning-not-running`. */
  say(
    who: Manager,
    terminalId: string,
    item: CommissioningItem,
    word: z.output<typeof commissioningWord>,
    call: Call,
  ): Promise<Commissioning>;
  /** Freezes the run. Rejects with `commissioning-open` {items} while an item waits or failed, or `commissioning-not-running`. */
  signOff(
    who: Manager,
    terminalId: string,
    input: z.output<typeof commissioningSignOff>,
    call: Call,
  ): Promise<Commissioning>;
  /** Every run, the newest first. */
  runs(terminalId: string, paging: Paging): Promise<Page<CommissioningRun>>;
}

/** How an installer proves a new door part by part, and signs for it. */
export function createCommissioning(platform: Platform): CommissioningDesk {
  const { store, clock, audit, events } = platform;

  /** One step of the work, told to whoever has the page open. */
  const step = async (
    who: Manager,
    terminalId: string,
    call: Call,
    verb: string,
    work: (q: Tx, terminal: rows.PlacedTerminal) => Promise<Readonly<Record<string, string>>>,
  ): Promise<Commissioning> => {
    await store.tx((q) =>
      once(q, clock, call, async () => {
        const terminal = await rows.findTerminal(q, { id: terminalId });
        if (!terminal) throw notFound('terminal');
        const facts = await work(q, terminal);
        await audit(q, { who, action: `commissioning.${verb}`, subject: terminalId, facts });
        const { companyId, communityId } = terminal;
        await events.emit(q, {
          type: 'commissioning',
          subject: terminalId,
          companyId,
          communityId,
          facts: { verb, ...facts },
        });
      }),
    );
    return showNewest(store.read, terminalId);
  };

  return {
    show: (terminalId) => showNewest(store.read, terminalId),
    start: (who, terminalId, call) =>
      step(who, terminalId, call, 'start', async (q, { status }) => {
        if (status !== 'active') throw refusal(`terminal-${status}`, 'only a terminal in service can be proven');
        const run = { terminalId, startedAt: clock.now(), startedBy: who.accountId };
        await q.insert(q.t.commissioningRuns).values(run);
        return {};
      }),
    say: (who, terminalId, item, { state: said, note = null }, call) =>
      step(who, terminalId, call, 'say', async (q) => {
        const run = await runningRun(q, terminalId);
        const set = { said, saidAt: clock.now(), saidBy: who.accountId, note: note === '' ? null : note };
        const t = q.t.commissioningItems;
        await q
          .insert(t)
          .values({ run: run.no, item, ...set })
          .onConflictDoUpdate({ target: [t.run, t.item], set });
        return { item, state: said };
      }),
    signOff: (who, terminalId, { name }, call) =>
      step(who, terminalId, call, 'sign-off', async (q) => {
        await freeze(q, terminalId, { signedAt: clock.now(), signedBy: name, signedByAccount: who.accountId });
        return {};
      }),
    async runs(terminalId, { cursor, limit = pageSizeDefault }) {
      const [before] = cursor === undefined ? [] : decodeCursor<[number]>(cursor, ['number']);
      const found = await listRuns(store.read, terminalId, before, limit + 1);
      const shown = [];
      for (const run of found) shown.push(await showRun(store.read, run));
      return pageOf(
        shown,
        limit,
        ({ id }) => [id],
        (run) => run,
      );
    },
  };
}

async function runningRun(q: Reads, terminalId: string): Promise<RunRow> {
  const run = await newestRun(q, terminalId);
  if (!run || run.signedAt !== null) {
    throw refusal('commissioning-not-running', 'nobody has begun to prove this door, or it is signed for');
  }
  return run;
}

async function freeze(
  q: Tx,
  terminalId: string,
  signature: Required<Pick<RunRow, 'signedAt' | 'signedBy' | 'signedByAccount'>>,
): Promise<void> {
  const run = await runningRun(q, terminalId);
  const { items } = await showRun(q, run);
  const open = openItems(items);
  if (open.length > 0) throw refusal('commissioning-open', 'something is not proven yet', { items: open });
  const t = q.t.commissioningRuns;
  await q
    .update(t)
    .set({ ...signature, items })
    .where(eq(t.no, run.no));
}

async function showNewest(q: Reads, terminalId: string): Promise<Commissioning> {
  const run = await newestRun(q, terminalId);
  if (!run) {
    const items = itemsOf([], () => null);
    return { state: 'none', startedAt: null, items, signedBy: null, signedAt: null, staleSince: null };
  }
  const { startedAt, items, signedBy, signedAt } = await showRun(q, run);
  const state = signedAt === null ? 'running' : 'signed-off';
  return { state, startedAt, items, signedBy, signedAt, staleSince: run.staleSince };
}

/** A signed run as it was signed, another as far as it is. */
async function showRun(q: Reads, run: RunRow): Promise<CommissioningRun> {
  const kept = run.items ? [] : [...(await itemsOfRun(q, [run.no])), ...(await uplinkOf(q, run))];
  const names = await accountNames(q, [run.startedBy, ...kept.map(({ saidBy }) => saidBy)]);
  const nameOf = (accountId: string) => names.get(accountId) ?? null;
  return {
    id: run.no,
    startedAt: run.startedAt,
    startedBy: nameOf(run.startedBy),
    items: run.items ?? itemsOf(joined(kept), nameOf),
    signedBy: run.signedBy,
    signedAt: run.signedAt,
  };
}

/** The terminal's own presence proves the uplink: no row of the journal has to. */
async function uplinkOf(q: Reads, { no, terminalId, startedAt }: RunRow): Promise<ItemRow[]> {
  const [presence] = await rows.presencesOf(q, [terminalId]);
  if (!presence?.online || presence.lastSeenAt < startedAt) return [];
  const seenAt = presence.lastSeenAt;
  return [{ run: no, item: 'uplink', seenAt, said: null, saidAt: null, saidBy: null, note: null }];
}

/** What was said of an item, with when it was seen, wherever either stands. */
function joined(kept: readonly ItemRow[]): ItemRow[] {
  const byItem = new Map<CommissioningItem, ItemRow>();
  for (const row of kept) {
    const known = byItem.get(row.item);
    byItem.set(row.item, known ? { ...known, seenAt: known.seenAt ?? row.seenAt } : row);
  }
  return [...byItem.values()];
}
