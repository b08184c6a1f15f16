import { instant, localTime, newId, type InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, isNull } from 'drizzle-orm';
import type { z } from 'zod';
import type { Communities, Manager } from '../communities/service.ts';
import { keptBy } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import type { Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { Blackout, blackoutsQuery, newBlackout } from './contract.ts';
import type { InventoryHook } from './decisions.ts';
import * as rows from './store.ts';

export interface Blackouts {
  /** A company's own communities', and the network's. */
  list(who: Manager, query: z.output<typeof blackoutsQuery>): Promise<Page<Blackout>>;
  /** A property manager for a community of its own, the operator for the network too. Rejects with `forbidden`, `not-found` or `too-many-blackouts`. */
  add(who: Manager, input: z.output<typeof newBlackout>, call: Call): Promise<Blackout>;
  /** Rejects with `blackout-over`, `forbidden` or `not-found`. */
  lift(who: Manager, id: string): Promise<Blackout>;
}

/** Of one community or the network, neither lifted nor over. */
const blackoutsMax = 100;
const dayMs = 86_400_000;

/** The earliest local day anywhere on earth. */
const earliestDay = (now: InstantMs): string => localTime(instant(now - dayMs / 2), 'UTC').date;

export function createBlackouts(platform: Platform, communities: Communities, changed: InventoryHook): Blackouts {
  const { store, clock } = platform;
  const show = async (found: readonly rows.BlackoutRow[]): Promise<Blackout[]> => {
    const places = await communities.about(
      store.read,
      found.flatMap(({ communityId }) => communityId ?? []),
    );
    return found.map((row) => ({ ...row, communityName: places.get(row.communityId ?? '')?.name ?? null }));
  };
  const showOne = async (id: string): Promise<Blackout> => {
    const row = await rows.findBlackout(store.read, id);
    const [shown] = row ? await show([row]) : [];
    if (!shown) throw notFound('black-out');
    return shown;
  };
  /** Rejects with `not-found` for a community of others, `forbidden` for the whole network. */
  const requireReach = async (who: Manager, communityId: string | null): Promise<void> => {
    if (communityId !== null) await communities.mayManage(store.read, who, communityId);
    else if (who.role !== 'operator') throw refusal('forbidden', 'only the operator speaks for the whole network');
  };
  return {
    async list(who, { past, ...query }) {
      if (query.communityId !== undefined) await communities.mayManage(store.read, who, query.communityId);
      const fromDay = past === 'true' ? undefined : earliestDay(clock.now());
      const { companyId } = keptBy(who);
      const { rows: found, list } = await rows.listBlackouts(store.read, { ...query, companyId, fromDay });
      const page = list.page(
        found,
        (row) => row.createdAt,
        (row) => row,
      );
      return { ...page, items: await show(page.items) };
    },
    async add(who, input, call) {
      await requireReach(who, input.communityId);
      return showOne(await store.tx((q) => once(q, clock, call, () => close(platform, changed, q, who, input))));
    },
    async lift(who, id) {
      const row = await rows.findBlackout(store.read, id);
      if (!row) throw notFound('black-out');
      await requireReach(who, row.communityId);
      await store.tx((q) => lift(platform, changed, q, who, row));
      return showOne(id);
    },
  };
}

async function close(
  { clock, audit }: Platform,
  changed: InventoryHook,
  q: Tx,
  who: Manager,
  input: z.output<typeof newBlackout>,
): Promise<string> {
  const { communityId } = input;
  await q.lock('blackouts');
  if ((await rows.countBlackouts(q, communityId, earliestDay(clock.now()))) >= blackoutsMax)
    throw refusal('too-many-blackouts', 'lift some days before you close others', { max: blackoutsMax });
  const id = newId('blackout');
  await q.insert(q.t.blackouts).values({ id, ...input, createdBy: who.accountId, createdAt: clock.now() });
  await audit(q, { who, action: 'blackout.add', subject: id, facts: { communityId } });
  await changed(q, communityId);
  return id;
}

async function lift(
  { clock, audit }: Platform,
  changed: InventoryHook,
  q: Tx,
  who: Manager,
  { id, communityId }: rows.BlackoutRow,
): Promise<void> {
  const t = q.t.blackouts;
  const lifted = await q
    .update(t)
    .set({ liftedAt: clock.now(), liftedBy: who.accountId })
    .where(and(eq(t.id, id), isNull(t.liftedAt)))
    .returning({ id: t.id });
  if (lifted.length === 0) throw refusal('blackout-over', 'these days are open again already');
  await audit(q, { who, action: 'blackout.lift', subject: id, facts: { communityId } });
  await changed(q, communityId);
}
