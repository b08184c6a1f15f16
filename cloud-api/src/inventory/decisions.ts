import { localTime, newId, zonedInstant, type InstantMs } from '@gatecast/firmware-protocol';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { z } from 'zod';
import type { Communities, Manager } from '../communities/service.ts';
import type { FileLinks } from '../content/file-links.ts';
import { receiveScan } from '../content/receive-scan.ts';
import { keptBy, type As } from '../platform/auth.ts';
import type { BlobStore } from '../platform/blob-store.ts';
import type { Page } from '../platform/contract.ts';
import type { Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { decisionBytesMax, type decisionsQuery, type NewDecision, type OwnerDecision } from './contract.ts';
import type { DecisionStatus } from './decision-rules.ts';
import { retainDocuments } from './document-retention.ts';
import { dayAfter } from './sellable.ts';
import * as rows from './store.ts';

/** Runs in the transaction that changes what of a community, or (null) of the network, is for sale. */
export type InventoryHook = (q: Tx, communityId: string | null) => Promise<void>;

export interface Decisions {
  /**
   * Of the operator in force at once, of a property manager once the operator has confirmed it. Rejects with `decision-window-invalid`,
   * `scan-unreadable`, `scan-too-large`, `too-many-decisions` or `not-found`.
   */
  record(who: Manager, about: NewDecision, document: WebStream<Uint8Array>, call: Call): Promise<OwnerDecision>;
  list(who: Manager, query: z.output<typeof decisionsQuery>): Promise<Page<OwnerDecision>>;
  /** What was in force before is replaced. Rejects with `decision-state` or `decision-window-invalid`. */
  confirm(who: As<'operator'>, id: string): Promise<OwnerDecision>;
  refuse(who: As<'operator'>, id: string, note: string): Promise<OwnerDecision>;
  /** The owners take it back: from now on nothing paid is shown there. */
  revoke(who: Manager, id: string, note: string): Promise<OwnerDecision>;
  /** The one in force, also when its time is over; null where there is none. */
  inForce(communityId: string): Promise<OwnerDecision | null>;
  /** Rejects with `not-found` unless `who` manages the community that it is of. */
  mayManage(who: Manager, id: string): Promise<void>;
}

export interface DecisionParts {
  readonly communities: Communities;
  readonly papers: BlobStore;
  readonly links: FileLinks;
  readonly changed: InventoryHook;
}

/** Of one community, not yet looked at. */
const waitingMax = 5;

export function createDecisions(platform: Platform, parts: DecisionParts): Decisions {
  const { store } = platform;
  const { communities } = parts;
  const show = createDecisionView(platform, parts);
  retainDocuments(platform, parts.papers);
  const showOne = async (id: string): Promise<OwnerDecision> => {
    const [shown] = await show([await found(id)]);
    if (!shown) throw notFound('decision');
    return shown;
  };
  const found = async (id: string): Promise<rows.DecisionRow> => {
    const row = await rows.findDecision(store.read, id);
    if (!row) throw notFound('decision');
    return row;
  };
  const record = createRecord(platform, parts);

  return {
    record: async (...asked) => showOne(await record(...asked)),
    async list(who, query) {
      const { rows: listed, list } = await rows.listDecisions(store.read, {
        ...query,
        companyId: keptBy(who).companyId,
      });
      const page = list.page(
        listed,
        (row) => row.createdAt,
        (row) => row,
      );
      return { ...page, items: await show(page.items) };
    },
    async confirm(who, id) {
      const { communityId } = await found(id);
      await store.tx(async (q) => {
        await q.lock(`owner-decisions:${communityId}`);
        await bringIntoForce(platform, parts, q, who, id);
      });
      return showOne(id);
    },
    async refuse(who, id, note) {
      await store.tx((q) => step(platform, q, who, id, 'refused', note));
      return showOne(id);
    },
    async revoke(who, id, note) {
      await store.tx(async (q) => {
        const { communityId } = await step(platform, q, who, id, 'revoked', note);
        await parts.changed(q, communityId);
      });
      return showOne(id);
    },
    async inForce(communityId) {
      const [shown] = await show(await rows.decisionsInForce(store.read, [communityId]));
      return shown ?? null;
    },
    async mayManage(who, id) {
      await communities.mayManage(store.read, who, (await found(id)).communityId);
    },
  };
}

function createRecord(platform: Platform, parts: DecisionParts) {
  const { store, clock, audit } = platform;
  const { communities, papers } = parts;
  return async (who: Manager, about: NewDecision, document: WebStream<Uint8Array>, call: Call): Promise<string> => {
    const { communityId, lastDay, ...terms } = about;
    const { zone } = await communities.get(store.read, communityId);
    const validTo = zonedInstant(dayAfter(lastDay), 0, zone);
    requireWindow(terms.decidedOn, validTo, { now: clock.now(), zone });
    const id = newId('ownerDecision');
    const file = await receiveScan(papers, id, document, decisionBytesMax);
    return store.tx((q) =>
      once(q, clock, { ...call, requestHash: `${call.requestHash}.${file.fileSha256}` }, async () => {
        await q.lock(`owner-decisions:${communityId}`);
        if ((await rows.countDecisions(q, communityId, 'waiting')) >= waitingMax)
          throw refusal('too-many-decisions', 'so many decisions are waiting already', { max: waitingMax });
        const row = { id, communityId, ...terms, ...file, validTo, recordedBy: who.accountId, createdAt: clock.now() };
        await q.insert(q.t.ownerDecisions).values({ ...row, status: 'waiting' });
        await audit(q, { who, action: 'owner-decision.record', subject: id, facts: { communityId } });
        if (who.role === 'operator') await bringIntoForce(platform, parts, q, who, id);
        return id;
      }),
    );
  };
}

function requireWindow(
  decidedOn: string,
  validTo: InstantMs,
  { now, zone }: { readonly now: InstantMs; readonly zone: string },
): void {
  if (decidedOn > localTime(now, zone).date || validTo <= now)
    throw refusal('decision-window-invalid', 'owners have decided in the past, and their decision ends in the future');
}

/** Hold the community's lock: of two at once the later one holds. */
async function bringIntoForce(
  platform: Platform,
  { changed }: Pick<DecisionParts, 'changed'>,
  q: Tx,
  who: As<'operator'>,
  id: string,
): Promise<void> {
  const now = platform.clock.now();
  const waiting = await rows.findDecision(q, id);
  if (waiting && waiting.validTo <= now) throw refusal('decision-window-invalid', 'this decision is over');
  const before = waiting ? await rows.decisionsInForce(q, [waiting.communityId]) : [];
  for (const old of before) await rows.moveDecision(q, old.id, 'replaced', { endedAt: now });
  const { communityId } = await step(platform, q, who, id, 'in-force', null);
  await changed(q, communityId);
}

const verbs: Readonly<Record<Exclude<DecisionStatus, 'waiting' | 'replaced'>, string>> = {
  'in-force': 'confirm',
  refused: 'refuse',
  revoked: 'revoke',
};

async function step(
  { clock, audit }: Platform,
  q: Tx,
  who: Manager,
  id: string,
  to: keyof typeof verbs,
  note: string | null,
): Promise<rows.DecisionRow> {
  const now = clock.now();
  const decided = { decidedBy: who.accountId, decidedAt: now, note };
  const set =
    to === 'in-force' ? { ...decided, inForceFrom: now } : to === 'revoked' ? { endedAt: now, note } : decided;
  const moved = await rows.moveDecision(q, id, to, set);
  if (!moved)
    throw (await rows.findDecision(q, id))
      ? refusal('decision-state', 'the decision is not waiting for this')
      : notFound('decision');
  const { communityId } = moved;
  await audit(q, { who, action: `owner-decision.${verbs[to]}`, subject: id, facts: { communityId } });
  return moved;
}

function createDecisionView({ store, clock }: Platform, { communities, links }: DecisionParts) {
  return async (found: readonly rows.DecisionRow[]): Promise<OwnerDecision[]> => {
    const places = await communities.about(
      store.read,
      found.map(({ communityId }) => communityId),
    );
    return Promise.all(
      found.map(async (row) => ({
        ...row,
        communityName: places.get(row.communityId)?.name ?? '',
        isExpired: row.status === 'in-force' && row.validTo <= clock.now(),
        fileUrl:
          row.fileDeletedAt === null ? await links.sign(store.read, `/v1/owner-decisions/${row.id}/document`) : null,
      })),
    );
  };
}
