import { invariant, newId } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { maskPhone } from '../identity/rules.ts';
import type { Identity } from '../identity/service.ts';
import type { Account } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { newResident, Resident } from './contract.ts';
import { idAfter, keyOf, type Paging } from './paging.ts';
import { isTrivialPin } from './rules.ts';
import * as rows from './store.ts';

/** Turns a PIN into a credential in the same transaction; the PIN is forgotten after it. */
type PinSetter = (q: Tx, resident: Resident, pin: string) => Promise<void>;

export interface People {
  /** Rejects with `not-found`. */
  resident(q: Reads, id: string): Promise<Resident>;
  /** The access slice says how a PIN becomes a credential. */
  onPin(setter: PinSetter): void;
  /** Rejects with `phone-taken` or `trivial-pin`. */
  createResident(who: Account, communityId: string, input: z.output<typeof newResident>, call: Call): Promise<Resident>;
  residents(communityId: string, query: Paging & { readonly search?: string | undefined }): Promise<Page<Resident>>;
  /** Rejects with `trivial-pin`. */
  setPin(who: Account, residentId: string, pin: string, call: Call): Promise<Resident>;
}

export function createPeople(platform: Platform, identity: Identity): People {
  const { store, clock, audit } = platform;
  let pinSetter: PinSetter | undefined;

  const resident = async (q: Reads, id: string) => {
    const found = await rows.findResident(q, id);
    if (!found) throw notFound('resident');
    return found;
  };
  const applyPin = async (q: Tx, who: Account, to: Resident, pin: string) => {
    invariant(pinSetter, 'the access slice is wired');
    if (isTrivialPin(pin)) throw refusal('trivial-pin', 'a stranger would try this PIN; choose another');
    await q.update(q.t.residents).set({ hasPin: true }).where(eq(q.t.residents.id, to.id));
    await pinSetter(q, to, pin);
    await audit(q, { who, action: 'resident.set-pin', subject: to.id });
  };
  const insert = async (q: Tx, communityId: string, input: z.output<typeof newResident>): Promise<Resident> => {
    const { name, phone, building, unit } = input;
    const id = newId('resident');
    const unitId = await unitOf(q, communityId, building, unit);
    const row = { id, communityId, unitId, name, phoneMasked: maskPhone(phone), hasPin: false, createdAt: clock.now() };
    await q.insert(q.t.residents).values(row);
    const phoneTag = await identity.phoneTag(q, phone);
    await identity.createAccount(q, { role: 'resident', scopeId: communityId, residentId: id, phoneTag, name });
    return resident(q, id);
  };

  return {
    resident,
    onPin: (setter) => void (pinSetter = setter),
    createResident: (who, communityId, input, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          const made = await insert(q, communityId, input);
          await audit(q, { who, action: 'resident.create', subject: made.id });
          if (input.pin !== undefined) await applyPin(q, who, made, input.pin);
          return resident(q, made.id);
        }),
      ),
    async residents(communityId, { cursor, search, limit = pageSizeDefault }) {
      const found = await rows.listResidents(store.read, communityId, search, idAfter(cursor), limit + 1);
      return pageOf(found, limit, keyOf, (row) => row);
    },
    setPin: (who, residentId, pin, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          await applyPin(q, who, await resident(q, residentId), pin);
          return resident(q, residentId);
        }),
      ),
  };
}

/** The unit of that number in that building, made if it is new. */
async function unitOf(q: Tx, communityId: string, building: string, number: string): Promise<string> {
  const known = await rows.findUnit(q, communityId, building, number);
  if (known !== undefined) return known;
  const id = newId('unit');
  await q.insert(q.t.units).values({ id, communityId, building, number });
  return id;
}
