import { invariant, type InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, inArray } from 'drizzle-orm';
import type { z } from 'zod';
import type { Identity } from '../identity/service.ts';
import type { Account } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { NewEvent } from '../platform/events.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { leaseEnd } from './lease.ts';
import type { Paging } from './paging.ts';
import type { newResident, Resident, ResidentProfile, residentPatch, ResidentRecord } from './resident-contract.ts';
import type { ChangedHook, LeftHook, PinSetter, ResidentChange, ResidentHooks } from './resident-hooks.ts';
import * as rows from './resident-store.ts';
import { insertResident, updateResident } from './resident-write.ts';
import { isTrivialPin } from './rules.ts';
import { findCommunity } from './store.ts';

type NewResident = z.output<typeof newResident>;
type ResidentPatch = z.output<typeof residentPatch>;
type Mover = Account | 'system';

export interface People extends ResidentHooks {
  /** Also of somebody who moved out. Rejects with `not-found`. */
  resident(q: Reads, id: string): Promise<Resident>;
  /** With the household, and noted as a view of the record. */
  residentRecord(who: Account, id: string): Promise<ResidentRecord>;
  profile(q: Reads, id: string): Promise<ResidentProfile>;
  /** Rejects with `phone-taken`, `trivial-pin`, `guardian-needed` or `lease-end-past`. */
  createResident(who: Account, communityId: string, input: NewResident, call: Call): Promise<Resident>;
  /** By building and unit. */
  residents(communityId: string, query: Paging & rows.ResidentFilter): Promise<Page<Resident>>;
  /** Rejects with `trivial-pin` or `moved-out`. */
  setPin(who: Account, residentId: string, pin: string, call: Call): Promise<Resident>;
  /** Rejects with `phone-taken`, `guardian-needed`, `lease-end-past` or `moved-out`. */
  changeResident(who: Account, id: string, patch: ResidentPatch, call: Call): Promise<Resident>;
  /** Takes back every right of the person, on every door, and signs them out. A second time changes nothing. */
  moveOut(who: Account, id: string, call: Call): Promise<Resident>;
}

/** What the imports and the leases' ends need besides; not for other slices. */
export interface PeopleDesk extends People {
  leave(q: Tx, who: Mover, residents: readonly Resident[], action: LeavingAction): Promise<void>;
  told(q: Tx, changes: readonly ResidentChange[]): Promise<void>;
}
export type LeavingAction = 'resident.move-out' | 'resident.lease-ended' | 'resident.erase' | 'resident.import-undone';

export function createPeople(platform: Platform, identity: Identity): PeopleDesk {
  const { store, clock, audit } = platform;
  const hooks = createHooks(platform, identity);

  const resident = async (q: Reads, id: string) => {
    const found = await rows.findResident(q, id);
    if (!found) throw notFound('resident');
    return found;
  };
  const present = async (q: Reads, id: string) => {
    const found = await resident(q, id);
    if (found.state === 'active') return found;
    throw refusal('moved-out', 'this person has moved out');
  };
  const applyPin = async (q: Tx, who: Account, to: Resident, pin: string) => {
    if (isTrivialPin(pin)) throw refusal('trivial-pin', 'a stranger would try this PIN; choose another');
    await q.update(q.t.residents).set({ hasPin: true }).where(eq(q.t.residents.id, to.id));
    await hooks.pin(q, to, pin, who);
    await audit(q, { who, action: 'resident.set-pin', subject: to.id });
  };
  /** An answer that is kept for repeats holds the id alone: names do not stay behind there. */
  const answered = async (work: (q: Tx) => Promise<string>, call: Call): Promise<Resident> => {
    const { id } = await store.tx((q) => once(q, clock, call, async () => ({ id: await work(q) })));
    return resident(store.read, id);
  };

  return {
    ...hooks,
    resident,
    async residentRecord(who, id) {
      const found = await resident(store.read, id);
      await platform.privacy.noteViews(who, [id], 'record');
      const household = await rows.householdOf(store.read, found.unitId);
      return { ...found, household: household.filter((one) => one.id !== id) };
    },
    async profile(q, id) {
      const found = await resident(q, id);
      return { ...found, communityName: (await findCommunity(q, found.communityId))?.name ?? '' };
    },
    createResident: (who, communityId, input, call) =>
      answered(async (q) => {
        const id = await insertResident(q, platform, identity, communityId, input);
        await audit(q, { who, action: 'resident.create', subject: id });
        if (input.pin !== undefined) await applyPin(q, who, await resident(q, id), input.pin);
        return id;
      }, call),
    residents: (communityId, query) => pageOfResidents(store.read, communityId, query),
    setPin: (who, residentId, pin, call) =>
      answered(async (q) => {
        await applyPin(q, who, await present(q, residentId), pin);
        return residentId;
      }, call),
    changeResident: (who, id, patch, call) =>
      answered(async (q) => {
        const before = await present(q, id);
        await updateResident(q, platform, identity, before, patch);
        await audit(q, { who, action: 'resident.change', subject: id, facts: { fields: Object.keys(patch) } });
        await hooks.told(q, [{ before, after: await resident(q, id) }]);
        return id;
      }, call),
    moveOut: (who, id, call) =>
      answered(async (q) => {
        const found = await resident(q, id);
        if (found.state === 'active') await hooks.leave(q, who, [found], 'resident.move-out');
        return id;
      }, call),
    leaseEndOf: async (q, residentId) => leaseEndOf(q, await resident(q, residentId)),
  };
}

async function pageOfResidents(
  q: Reads,
  communityId: string,
  { cursor, limit = pageSizeDefault, ...filter }: Paging & rows.ResidentFilter,
): Promise<Page<Resident>> {
  const after = cursor === undefined ? undefined : decodeCursor<[string, string]>(cursor, ['string', 'string']);
  const found = await rows.listResidents(q, communityId, filter, after, limit + 1);
  return pageOf(
    found,
    limit,
    (row) => [row.place, row.id],
    (row) => row,
  );
}

async function leaseEndOf(q: Reads, { leaseEndsOn, communityId }: Resident): Promise<InstantMs | null> {
  if (leaseEndsOn === null) return null;
  const community = await findCommunity(q, communityId);
  invariant(community, 'a resident lives in a community');
  return leaseEnd(leaseEndsOn, community.zone);
}

type Hooks = Pick<PeopleDesk, 'onPin' | 'onLeft' | 'onResidentChanged' | 'leave' | 'told'> & {
  readonly pin: PinSetter;
};

function createHooks({ clock, audit, events }: Platform, identity: Identity): Hooks {
  const left: LeftHook[] = [];
  const changed: ChangedHook[] = [];
  let pinSetter: PinSetter | undefined;
  return {
    onPin: (setter) => void (pinSetter = setter),
    onLeft: (hook) => void left.push(hook),
    onResidentChanged: (hook) => void changed.push(hook),
    async pin(q, resident, pin, who) {
      invariant(pinSetter, 'the access slice is wired');
      await pinSetter(q, resident, pin, who);
    },
    async leave(q, who, residents, action) {
      const ids = residents.map(({ id }) => id);
      if (ids.length === 0) return;
      await markGone(q, ids, clock.now());
      await identity.residents.release(q, ids);
      for (const hook of left) await hook(q, residents);
      for (const subject of ids) await audit(q, { who, action, subject });
      await events.emit(q, await departure(q, residents, action));
    },
    async told(q, changes) {
      for (const hook of changed) await hook(q, changes);
    },
  };
}

async function markGone(q: Tx, ids: readonly string[], now: InstantMs): Promise<void> {
  const t = q.t.residents;
  await q
    .update(t)
    .set({ state: 'moved-out', movedOutAt: now, hasPin: false, hasDuressPin: false })
    .where(and(inArray(t.id, [...ids]), eq(t.state, 'active')));
}

/** One event, however many leave at once: pages load their lists anew. */
async function departure(q: Reads, residents: readonly Resident[], action: LeavingAction): Promise<NewEvent> {
  const [first] = residents;
  invariant(first, 'somebody leaves');
  const { id, communityId } = first;
  const companyId = (await findCommunity(q, communityId))?.propertyCompanyId ?? '';
  const subject = residents.length === 1 ? id : communityId;
  return { type: 'resident', subject, companyId, communityId, facts: { change: action, people: residents.length } };
}
