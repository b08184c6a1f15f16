import type { Store, Tx } from '../platform/db/store.ts';
import type { CommunityPart, MadeList } from './list-maker.ts';
import {
  communityPart,
  nextTurn,
  planLists,
  rowOf,
  saysTheSame,
  terminalParts,
  type ListPlan,
  type PlannedTerminal,
  type PlanParts,
} from './list-plan.ts';
import { concerns } from './list-rules.ts';
import * as rows from './list-store.ts';
import type { ListedText } from './list-text.ts';
import type { ListWorker } from './list-worker.ts';

/** How many builds go by between two looks at what nobody asks for any more. */
const forgetEvery = 64;
/** Terminals that one turn of the event loop publishes for. */
const terminalsATurn = 4;

export interface BuildParts extends PlanParts {
  readonly store: Store;
  readonly worker: ListWorker;
}

/**
 * Makes the lists of a community anew with what has changed, if anything has. Reads and hashing come first; the transaction at the end only writes,
 * and only if nobody else has made these lists meanwhile. `again`: there is more to do.
 */
export async function buildLists(parts: BuildParts, communityId: string): Promise<'done' | 'again'> {
  const { read } = parts.store;
  const plan = await planLists(read, parts, communityId);
  if (!plan) return 'done';
  const refs = (await parts.terminals.ofCommunity(read, communityId)).filter(({ claimed }) => claimed);
  const planned = await terminalParts(read, parts, plan, refs);
  const { zone } = await parts.communities.get(read, communityId);
  const community = await communityPart(read, parts, plan, zone);
  const build = plan.since + 1;
  const news = newsOf(plan, build);
  const lists = planned.length === 0 ? [] : await makeInWorker(parts, plan, news, community, planned);
  const isSaved = await parts.store.tx((q) => save(q, parts, plan, { build, news, lists, planned }));
  // On its own: what a change writes and the transaction above reads nothing of each other's, so that PostgreSQL lets both through. What dies between
  // the two is made again, and is then nothing new.
  if (isSaved) await parts.store.tx((q) => rows.dropChanges(q, plan.changeNos));
  return 'again';
}

/** Rows of what the lists say now that they did not say before. */
function newsOf(plan: ListPlan, build: number): readonly rows.ListedRow[] {
  return [...plan.listings.values()].flatMap((listing) => {
    const before = plan.before.get(listing.credentialId);
    const row = rowOf(listing, plan.communityId, build);
    if (before) return saysTheSame(before, row) ? [] : [row];
    return [row];
  });
}

async function makeInWorker(
  { store, worker }: BuildParts,
  plan: ListPlan,
  news: readonly rows.ListedRow[],
  community: CommunityPart,
  planned: readonly PlannedTerminal[],
): Promise<readonly MadeList[]> {
  worker.forget();
  const isNews = new Set(news.map(({ credentialId }) => credentialId));
  for (let afterId = ''; ;) {
    const page = await rows.grantedPage(store.read, plan.communityId, afterId);
    worker.add(page.filter(([id]) => !isNews.has(id)));
    const last = page.at(-1);
    if (!last || page.length < rows.pageRows) break;
    afterId = last[0];
    await nextTurn();
  }
  const granted = news.flatMap(({ credentialId, text, entranceIds }): ListedText[] =>
    text === null ? [] : [[credentialId, text, entranceIds]],
  );
  for (const page of rows.pagesOf(granted)) worker.add(page);
  return worker.make(community, planned);
}

interface Build {
  readonly build: number;
  readonly news: readonly rows.ListedRow[];
  readonly lists: readonly MadeList[];
  readonly planned: readonly PlannedTerminal[];
}

async function save(q: Tx, parts: BuildParts, plan: ListPlan, made: Build): Promise<boolean> {
  const { communityId } = plan;
  const known = await rows.findCommunityLists(q, communityId);
  // Somebody else was faster: what is left to do is looked up anew.
  if ((known?.build ?? 0) !== plan.since) return false;
  for (const page of rows.pagesOf(made.news)) {
    await rows.replaceListed(q, page);
    await nextTurn();
  }
  const versions = await publish(q, parts, made, plan.generation);
  await saveDeliveries(q, parts, deliveriesOf(plan, made.planned, versions));
  await rows.saveCommunityLists(q, {
    communityId,
    build: made.build,
    granted: await rows.grantedCount(q, communityId),
    scheduleIds: plan.scheduleIds,
    epoch: plan.epoch,
    at: parts.now(),
  });
  if (made.build % forgetEvery === 0) await forget(q, parts, communityId, made);
  return true;
}

/** The version of each terminal's list that tells of the plan. */
async function publish(
  q: Tx,
  { terminals }: BuildParts,
  { lists, planned, build }: Build,
  generation: number,
): Promise<ReadonlyMap<string, number>> {
  const versions = new Map<string, number>();
  const byId = new Map(planned.map((one) => [one.terminalId, one]));
  for (const page of rows.pagesOf(lists, terminalsATurn)) {
    for (const { terminalId, head: own, hash, bytes } of page) {
      const version = await terminals.publishComposed(q, terminalId, 'access', { own, basis: build, hash, bytes });
      versions.set(terminalId, version);
      const terminal = byId.get(terminalId);
      if (!terminal?.isSealedAnew) continue;
      const { sealingKey, firstVersion = version } = terminal;
      await rows.saveTerminalList(q, { terminalId, sealingKey, generation, firstVersion });
    }
    await nextTurn();
  }
  return versions;
}

interface Delivery {
  readonly credentialId: string;
  readonly terminalId: string;
  readonly version: number;
}

/** Which version tells which terminal of the credentials that were changed: where they open, and where they did before. */
function deliveriesOf(
  { changed, listings, before }: ListPlan,
  planned: readonly PlannedTerminal[],
  versions: ReadonlyMap<string, number>,
): Delivery[] {
  return [...changed].flatMap((credentialId) => {
    const now = listings.get(credentialId);
    if (!now) return [];
    const then = before.get(credentialId);
    return planned.flatMap(({ terminalId, entranceId }) => {
      const version = versions.get(terminalId);
      const isTold = concerns(now.entranceIds, entranceId) || (then && concerns(then.entranceIds, entranceId));
      return version === undefined || !isTold ? [] : [{ credentialId, terminalId, version }];
    });
  });
}

/** A version may be in force already: the change was of no consequence there. */
async function saveDeliveries(q: Tx, { terminals, now }: BuildParts, deliveries: readonly Delivery[]): Promise<void> {
  const ids = [...new Set(deliveries.map(({ terminalId }) => terminalId))];
  const applied = await terminals.appliedVersions(q, 'access', ids);
  const credentialIds = [...new Set(deliveries.map(({ credentialId }) => credentialId))];
  for (const page of rows.pagesOf(credentialIds)) await rows.dropDeliveries(q, page);
  for (const page of rows.pagesOf(deliveries)) {
    const noted = page.map((one) => {
      const isInForce = (applied.get(one.terminalId) ?? 0) >= one.version;
      return { ...one, confirmedAt: isInForce ? now() : null };
    });
    await q.insertMany(q.t.accessDeliveries, noted);
    await nextTurn();
  }
}

async function forget(q: Tx, { terminals }: BuildParts, communityId: string, { planned }: Build): Promise<void> {
  const ids = planned.map(({ terminalId }) => terminalId);
  const basis = await terminals.oldestBasis(q, ids, 'access');
  if (basis !== null) await rows.forgetGone(q, communityId, basis);
}
