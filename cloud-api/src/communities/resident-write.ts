import { invariant, newId, type InstantMs } from '@gatecast/firmware-protocol';
import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { maskPhone } from '../identity/rules.ts';
import type { Identity } from '../identity/service.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { isLeaseOver, today } from './lease.ts';
import { placeKey, searchText } from './place-key.ts';
import { placeId, requireUnits } from './place-store.ts';
import type { newResident, Relation, Resident, residentPatch } from './resident-contract.ts';
import { findResident } from './resident-store.ts';
import { findCommunity } from './store.ts';

/** Somebody who moves in, with the phone as its tag and its mask. */
export interface Incoming {
  readonly id: string;
  readonly name: string;
  readonly phoneTag: string | null;
  readonly phoneMasked: string;
  readonly unitId: string;
  readonly building: string;
  readonly unit: string;
  readonly relation: Relation;
  readonly leaseEndsOn: string | null;
  readonly isChild: boolean;
  readonly guardianId: string | null;
  readonly openMs: number | null;
}

/** Writes their records and accounts. Rejects with `phone-taken`. */
export async function insertIncoming(
  q: Tx,
  identity: Identity,
  community: { readonly id: string; readonly zone: string },
  incoming: readonly Incoming[],
  now: InstantMs,
): Promise<void> {
  const communityId = community.id;
  const shared = { communityId, hasPin: false, movedInOn: today(now, community.zone), createdAt: now };
  await q.insertMany(
    q.t.residents,
    incoming.map(({ phoneTag: _, building, unit, ...one }) => ({
      ...one,
      ...shared,
      place: placeKey(building, unit),
      searchText: searchText({ ...one, building, unit }),
    })),
  );
  await identity.residents.create(
    q,
    incoming.flatMap(({ id, name, phoneTag }) =>
      phoneTag === null ? [] : [{ residentId: id, communityId, name, phoneTag }],
    ),
  );
}

/** Rejects with `phone-taken`, `guardian-needed` or `lease-end-past`. */
export async function insertResident(
  q: Tx,
  { clock }: Platform,
  identity: Identity,
  communityId: string,
  input: z.output<typeof newResident>,
): Promise<string> {
  const { name, phone, building, unit, relation, leaseEndsOn = null, guardianId = null, isChild = false } = input;
  const community = await communityOf(q, communityId);
  requireLease(leaseEndsOn, clock.now(), community.zone);
  await requireGuardian(q, { communityId, isChild, guardianId });
  const id = newId('resident');
  const { units } = await requireUnits(q, communityId, [{ building, number: unit }]);
  const unitId = units.get(placeId({ building, number: unit }));
  invariant(unitId, 'a unit that was asked for is there');
  const phoneTag = phone === undefined ? null : await identity.phoneTag(q, phone);
  const phoneMasked = phone === undefined ? '' : maskPhone(phone);
  const openMs = input.openMs ?? null;
  const person = { id, name, phoneTag, phoneMasked, unitId, building, unit, relation, leaseEndsOn, isChild };
  await insertIncoming(q, identity, community, [{ ...person, guardianId, openMs }], clock.now());
  return id;
}

/** Rejects with `phone-taken`, `guardian-needed` or `lease-end-past`. */
export async function updateResident(
  q: Tx,
  { clock }: Platform,
  identity: Identity,
  before: Resident,
  patch: z.output<typeof residentPatch>,
): Promise<void> {
  const { id, communityId } = before;
  const { phone, ...plain } = patch;
  const after = { ...before, ...given(plain) };
  const community = await communityOf(q, communityId);
  if (patch.leaseEndsOn !== undefined) requireLease(after.leaseEndsOn, clock.now(), community.zone);
  await requireGuardian(q, after);
  if (phone !== undefined) {
    const phoneTag = await identity.phoneTag(q, phone);
    await identity.residents.changePhone(q, { residentId: id, communityId, name: after.name, phoneTag });
  }
  if (after.name !== before.name) await identity.residents.rename(q, id, after.name);
  const { building, unit } = after;
  const { units } = await requireUnits(q, communityId, [{ building, number: unit }]);
  const phoneMasked = phone === undefined ? before.phoneMasked : maskPhone(phone);
  const unitId = units.get(placeId({ building, number: unit })) ?? before.unitId;
  await writeRecord(q, { ...after, phoneMasked, unitId });
}

/** Writes the record as it now is, and counts the change. */
export async function writeRecord(q: Tx, record: Omit<Resident, 'communityId' | 'floor' | 'state'>): Promise<void> {
  const { id, name, phoneMasked, unitId, relation, leaseEndsOn, isChild, guardianId, openMs, building, unit } = record;
  const t = q.t.residents;
  await q
    .update(t)
    .set({
      name,
      phoneMasked,
      unitId,
      relation,
      leaseEndsOn,
      isChild,
      guardianId,
      openMs,
      place: placeKey(building, unit),
      searchText: searchText(record),
      revision: sql`${t.revision} + 1`,
    })
    .where(eq(t.id, id));
}

/** Without what was not said; null says "none". */
function given<T extends object>(patch: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

async function communityOf(q: Reads, id: string) {
  const community = await findCommunity(q, id);
  invariant(community, 'a resident lives in a community');
  return community;
}

function requireLease(leaseEndsOn: string | null, now: InstantMs, zone: string): void {
  if (isLeaseOver(leaseEndsOn, now, zone)) throw refusal('lease-end-past', 'the lease would have ended already');
}

/** A child has a guardian, who agreed; a guardian lives here and is of age. */
async function requireGuardian(
  q: Reads,
  one: Pick<Resident, 'communityId' | 'isChild' | 'guardianId'> & { readonly id?: string },
): Promise<void> {
  const fault = refusal('guardian-needed', 'name a grown-up of this community who agreed for them');
  if (one.guardianId === null) {
    if (one.isChild) throw fault;
    return;
  }
  const guardian = await findResident(q, one.guardianId);
  const isFit = guardian?.communityId === one.communityId && guardian.state === 'active' && !guardian.isChild;
  if (!isFit || guardian.id === one.id) throw fault;
}
