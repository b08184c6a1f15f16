import type { InstantMs } from '@gatecast/firmware-protocol';
import { canonicalJson, type AccessList } from '@gatecast/firmware-protocol/messages';
import type { Communities } from '../communities/service.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Signer } from '../platform/keys/signer.ts';
import type { TerminalRef, Terminals } from '../terminals/service.ts';
import type { CommunityPart, SealedKeys, TerminalPart } from './list-maker.ts';
import { listingOf, type Listing } from './list-rules.ts';
import * as rows from './list-store.ts';
import type { ListHead } from './list-text.ts';
import { codeEpochs, type PassKeyBook } from './pass-keys.ts';
import { pinEpoch } from './rules.ts';

/** Changes that one build takes up; what is left is for the next one, so that none holds the database for long. */
const changesMax = 500;
const credentialsPerBuildMax = 2_000;
/** Terminals whose last list is looked up in one turn of the event loop. */
const terminalsATurn = 20;

export interface PlanParts {
  readonly communities: Communities;
  readonly terminals: Terminals;
  readonly passKeys: PassKeyBook;
  readonly signer: Signer;
  readonly now: () => InstantMs;
}

/** What one build of a community's lists is about, read before its transaction. */
export interface ListPlan {
  readonly communityId: string;
  /** The build it counts on from; 0: none. */
  readonly since: number;
  /** Numbers of the changes that it tells of. */
  readonly changeNos: readonly number[];
  /** Credentials that somebody changed: their deliveries are noted. */
  readonly changed: ReadonlySet<string>;
  /** What the lists say of these from now on, and what they said before. */
  readonly listings: ReadonlyMap<string, Listing>;
  readonly before: ReadonlyMap<string, rows.ListedRow>;
  readonly scheduleIds: readonly string[];
  readonly generation: number;
  readonly epoch: number;
}

/** Undefined when there is nothing to do. */
export async function planLists(
  q: Reads,
  { passKeys, now }: PlanParts,
  communityId: string,
): Promise<ListPlan | undefined> {
  const changes = await rows.changesOf(q, communityId, changesMax);
  if (changes.length === 0) return undefined;
  const taken = firstOf(changes);
  const changed = new Set(taken.flatMap(({ credentialIds }) => credentialIds));
  const lists = await rows.findCommunityLists(q, communityId);
  const generation = await passKeys.generation(q, communityId);
  const due = await rows.dueListings(q, communityId, now(), credentialsPerBuildMax);
  const ids = [...new Set([...changed, ...due])];
  const numbered = lists?.scheduleIds ?? [];
  const numbering = new ScheduleNumbers(numbered, await rows.schedulesByIds(q, numbered));
  const context = { now: now(), generation, scheduleNo: (id: string) => numbering.of(id) };
  const listings = new Map<string, Listing>();
  for (const page of rows.pagesOf(ids)) {
    for (const stored of await rows.storedCredentials(q, page)) listings.set(stored.id, listingOf(stored, context));
    await nextTurn();
  }
  const before = await rows.listedOf(q, ids);
  return {
    communityId,
    since: lists?.build ?? 0,
    changeNos: taken.map(({ no }) => no),
    changed,
    listings,
    before: new Map(before.map((row) => [row.credentialId, row])),
    scheduleIds: numbering.ids,
    generation,
    epoch: codeEpochs(now())[1] ?? 0,
  };
}

/** Changes of at most `credentialsPerBuildMax` credentials, one at least. */
function firstOf(changes: readonly rows.ChangeRow[]): readonly rows.ChangeRow[] {
  let credentials = 0;
  const end = changes.findIndex(({ credentialIds }) => {
    credentials += credentialIds.length;
    return credentials > credentialsPerBuildMax;
  });
  return end < 0 ? changes : changes.slice(0, Math.max(1, end));
}

/**
 * A schedule keeps its place for as long as it is there: moving it would change every credential that has it. The place of one that was removed, which
 * nobody goes by any more, is the next one's: a list holds so many and no more.
 */
class ScheduleNumbers {
  readonly ids: string[];
  readonly #there: Set<string>;

  constructor(ids: readonly string[], there: readonly { readonly id: string }[]) {
    this.ids = [...ids];
    this.#there = new Set(there.map(({ id }) => id));
  }

  of(id: string): number {
    const known = this.ids.indexOf(id);
    if (known >= 0) return known;
    const free = this.ids.findIndex((one) => !this.#there.has(one));
    const place = free >= 0 ? free : this.ids.length;
    this.ids[place] = id;
    this.#there.add(id);
    return place;
  }
}

/** A listing as a row. `build` is the one that says it first. */
export function rowOf(listing: Listing, communityId: string, build: number): rows.ListedRow {
  const { credentialId, entranceIds, state, credential, codeNo, until } = listing;
  const text = credential && canonicalJson(credential);
  return { credentialId, communityId, state, text, entranceIds, codeNo, until, build };
}

export const saysTheSame = (a: rows.ListedRow, b: rows.ListedRow): boolean =>
  a.state === b.state &&
  a.text === b.text &&
  a.codeNo === b.codeNo &&
  a.until === b.until &&
  a.entranceIds?.join() === b.entranceIds?.join();

/** What the lists of the community have in common, with what the plan changes. */
export async function communityPart(
  q: Reads,
  { communities, passKeys, signer, now }: PlanParts,
  plan: ListPlan,
  zone: string,
): Promise<CommunityPart> {
  const { communityId } = plan;
  const pinKey = await signer.derive(q, 'code-root', communityId, `pin-key|${pinEpoch}`);
  const codeKeys = [];
  for (const epoch of codeEpochs(now())) {
    codeKeys.push({ epoch, key: await passKeys.codeKey(q, communityId, epoch, plan.generation) });
  }
  const issuers = await passKeys.issuers(q, communityId);
  return {
    zone,
    holidays: [...(await communities.holidays(q, communityId))].sort(),
    schedules: await schedulesOf(q, plan.scheduleIds),
    pinKeys: [{ epoch: pinEpoch, key: pinKey }],
    codeKeys,
    issuers: [...issuers],
    denied: await deniedWith(q, plan),
  };
}

/** A schedule that is gone lets nobody in; its place stays until another takes it. */
async function schedulesOf(q: Reads, ids: readonly string[]): Promise<AccessList['schedules']> {
  const found = new Map((await rows.schedulesByIds(q, ids)).map(({ id, windows }) => [id, windows]));
  return ids.map((id) => ({ windows: [...(found.get(id) ?? [])] }));
}

async function deniedWith(q: Reads, { communityId, listings }: ListPlan): Promise<CommunityPart['denied']> {
  const kept = (await rows.deniedOf(q, communityId)).filter(({ id }) => !listings.has(id));
  const made = [...listings.values()].filter(({ state }) => state === 'denied');
  const all = [...kept, ...made.map(({ credentialId: id, entranceIds, codeNo }) => ({ id, entranceIds, codeNo }))];
  return all.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** A terminal of the community as the worker needs it, and what it was told last. */
export interface PlannedTerminal extends TerminalPart {
  /** The first of its lists since it was claimed; undefined: there is none yet. */
  readonly firstVersion: number | undefined;
  /** Something is sealed anew, to other keys or of another generation. */
  readonly isSealedAnew: boolean;
}

export async function terminalParts(
  q: Reads,
  { terminals, passKeys }: PlanParts,
  { communityId, generation }: ListPlan,
  refs: readonly TerminalRef[],
): Promise<PlannedTerminal[]> {
  const doorNos = await passKeys.knownDoorNumbers(q, communityId);
  const ids = refs.map(({ id }) => id);
  const known = new Map((await rows.terminalLists(q, ids)).map((row) => [row.terminalId, row]));
  const parts: PlannedTerminal[] = [];
  for (const { id, entranceId, sealingKey } of refs) {
    const doorNo = doorNos.get(entranceId);
    if (sealingKey === null || doorNo === undefined) continue;
    const list = known.get(id);
    const last = await terminals.newestComposed(q, id, 'access');
    if (parts.length % terminalsATurn === 0) await nextTurn();
    const isOwn = list?.sealingKey === sealingKey;
    const sealed = isOwn ? sealedIn(last?.own, list.generation === generation) : { pinKeys: [], codeKeys: [] };
    parts.push({
      terminalId: id,
      entranceId,
      doorNo,
      sealingKey,
      sealed,
      firstVersion: isOwn ? list.firstVersion : undefined,
      isSealedAnew: !isOwn || list.generation !== generation,
    });
  }
  return parts;
}

/** What was stored is what `publishComposed` was given: a head, or nothing of a version from before heads were. */
function sealedIn(own: unknown, codesToo: boolean): SealedKeys {
  const head = own as Partial<ListHead> | undefined;
  return { pinKeys: head?.pinKeys ?? [], codeKeys: codesToo ? (head?.passes?.codeKeys ?? []) : [] };
}

/** Gives the event loop to everybody else. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
