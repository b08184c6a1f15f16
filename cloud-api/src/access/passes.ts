import { invariant, newId, type InstantMs } from '@gatecast/firmware-protocol';
import type { z } from 'zod';
import type { Communities, Manager } from '../communities/service.ts';
import type { Account } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { Terminals } from '../terminals/service.ts';
import type { newPass, Pass, PassCreated } from './pass-contract.ts';
import type { AccessLists } from './lists.ts';
import { passCode } from './pass-code.ts';
import { passDaysMax, passState, pinEpoch } from './rules.ts';
import * as rows from './store.ts';

interface PassQuery {
  readonly communityId?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export interface Passes {
  /** Rejects with `pass-window-invalid`, or with `not-found` for an entrance of elsewhere. */
  create(who: Account, input: z.output<typeof newPass>, call: Call): Promise<PassCreated>;
  /** Rejects with `not-found`. */
  get(q: Reads, id: string): Promise<Pass>;
  list(who: Manager, query: PassQuery): Promise<Page<Pass>>;
  /** A second time changes nothing. */
  revoke(who: Account, id: string): Promise<Pass>;
}

/** Visitors' codes. */
export function createPasses(
  platform: Platform,
  communities: Communities,
  terminals: Terminals,
  lists: AccessLists,
): Passes {
  const { store, clock, signer, audit } = platform;

  const get = async (q: Reads, id: string): Promise<Pass> => {
    const row = await rows.findPass(q, id);
    const [shown] = row ? await showPasses(q, platform, terminals, [row]) : [];
    if (!shown) throw notFound('pass');
    return shown;
  };
  const insert = async (q: Tx, who: Account, input: z.output<typeof newPass>): Promise<{ id: string }> => {
    requireWindow(input, clock.now());
    const { communityId, entranceIds } = input;
    for (const entranceId of entranceIds ?? []) {
      if ((await communities.entrance(q, entranceId)).communityId !== communityId) throw notFound('entrance');
    }
    const id = newId('credential');
    const isFree = async (tag: string) => !(await rows.tagIsTaken(q, communityId, tag));
    const { tag } = await passCode(q, { signer, lists }, { id, communityId }, isFree);
    await q.insert(q.t.credentials).values(newRow(id, tag, input, clock.now()));
    await audit(q, { who, action: 'pass.create', subject: id });
    await lists.publish(q, communityId, [id]);
    return { id };
  };

  return {
    get,
    async create(who, input, call) {
      const { id } = await store.tx((q) => once(q, clock, call, () => insert(q, who, input)));
      const stored = await rows.findPass(store.read, id);
      invariant(stored, 'a pass that was made is there');
      const { code } = await passCode(store.read, { signer, lists }, stored, (tag) => tag === stored.tag);
      return { ...(await get(store.read, id)), code, qr: null };
    },
    async list(who, { communityId, cursor, limit = pageSizeDefault }) {
      const companyId = who.role === 'property' ? who.companyId : undefined;
      const before = cursor === undefined ? undefined : decodeCursor<[InstantMs, string]>(cursor, ['number', 'string']);
      const found = await rows.listPasses(store.read, { companyId, communityId }, before, limit + 1);
      const { items, nextCursor } = pageOf(
        found,
        limit,
        (row) => [row.createdAt, row.id],
        (row) => row,
      );
      return { items: await showPasses(store.read, platform, terminals, items), nextCursor };
    },
    async revoke(who, id) {
      await store.tx(async (q) => {
        const row = await rows.findPass(q, id);
        if (!row) throw notFound('pass');
        if (!(await rows.revokeCredential(q, id, clock.now()))) return;
        await audit(q, { who, action: 'pass.revoke', subject: id });
        await lists.publish(q, row.communityId, [id]);
      });
      return get(store.read, id);
    },
  };
}

/** Passes with how far they have come: on a terminal when the list in force there is the one that told of it, or a later one. */
async function showPasses(
  q: Reads,
  { clock }: Platform,
  terminals: Terminals,
  passes: readonly rows.CredentialRow[],
): Promise<Pass[]> {
  const ids = passes.map(({ id }) => id);
  const deliveries = await rows.deliveriesOf(q, ids);
  const terminalIds = [...new Set(deliveries.map(({ terminalId }) => terminalId))];
  const applied = await terminals.appliedVersions(q, 'access', terminalIds);
  return passes.map((row) => {
    const own = deliveries.filter(({ credentialId }) => credentialId === row.id);
    const arrived = own.filter(({ terminalId, version }) => (applied.get(terminalId) ?? 0) >= version);
    return passOf(row, { terminals: arrived.length, of: own.length }, clock.now());
  });
}

function requireWindow({ from, to }: { readonly from: number; readonly to: number | null }, now: InstantMs): void {
  if (to === null) return;
  if (to > from && to > now && to - from <= passDaysMax) return;
  throw refusal('pass-window-invalid', 'a pass ends after it begins, in the future, and lasts a year at most');
}

const newRow = (id: string, tag: string, input: z.output<typeof newPass>, createdAt: InstantMs) =>
  ({
    id,
    communityId: input.communityId,
    kind: 'code',
    person: input.person,
    label: input.label,
    entranceIds: input.entranceIds,
    from: input.from as InstantMs,
    to: input.to as InstantMs | null,
    uses: input.uses,
    epoch: pinEpoch,
    tag,
    createdAt,
  }) as const;

function passOf(row: rows.CredentialRow, delivered: Pass['delivered'], now: InstantMs): Pass {
  const { from, to, label, person, kind } = row;
  invariant(kind === 'code' && from !== null && label !== null, 'a pass has a label and a beginning');
  invariant(person !== 'resident' && person !== 'child', 'a pass is for somebody who does not live here');
  return {
    id: row.id,
    communityId: row.communityId,
    person,
    label,
    entranceIds: row.entranceIds && [...row.entranceIds],
    from,
    to,
    uses: row.uses,
    scheduleId: row.scheduleId,
    openMs: row.openMs,
    firstUseWithinHours: null,
    lastsHours: null,
    host: null,
    state: passState({ from, to, revokedAt: row.revokedAt }, now),
    usedCount: row.usedCount,
    lastUsedAt: row.lastUsedAt,
    has: { code: true, qr: false, cards: 0 },
    codeWorksOffline: false,
    delivered,
    createdAt: row.createdAt,
  };
}
