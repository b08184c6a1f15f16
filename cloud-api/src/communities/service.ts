import { invariant, isZone, newId } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Identity } from '../identity/service.ts';
import { maskPhone } from '../identity/rules.ts';
import type { Account, As } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type {
  Community,
  Entrance,
  newCommunity,
  newEntrance,
  newPropertyCompany,
  newResident,
  PropertyCompany,
  Resident,
} from './contract.ts';
import { isTrivialPin } from './rules.ts';
import * as rows from './store.ts';

export type Manager = As<'operator' | 'property'>;
interface Paging {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}
/** Turns a PIN into a credential in the same transaction; the PIN is forgotten after it. */
export type PinSetter = (q: Tx, resident: Resident, pin: string) => Promise<void>;

export interface Communities {
  /** Rejects with `not-found` unless the community exists and `who` manages it. */
  mayManage(q: Reads, who: Manager, communityId: string): Promise<Community>;
  /** Rejects with `not-found`. */
  get(q: Reads, id: string): Promise<Community>;
  entrance(q: Reads, id: string): Promise<Entrance>;
  resident(q: Reads, id: string): Promise<Resident>;
  /** The access slice says how a PIN becomes a credential. */
  onPin(setter: PinSetter): void;

  createCompany(who: Account, input: z.output<typeof newPropertyCompany>, call: Call): Promise<PropertyCompany>;
  companies(who: Manager, paging: Paging): Promise<Page<PropertyCompany>>;
  create(who: Account, input: z.output<typeof newCommunity>, call: Call): Promise<Community>;
  list(who: Account, paging: Paging): Promise<Page<Community>>;
  createEntrance(who: Account, communityId: string, input: z.output<typeof newEntrance>, call: Call): Promise<Entrance>;
  entrances(communityId: string, paging: Paging): Promise<Page<Entrance>>;
  createResident(who: Account, communityId: string, input: z.output<typeof newResident>, call: Call): Promise<Resident>;
  residents(communityId: string, paging: Paging & { readonly search?: string | undefined }): Promise<Page<Resident>>;
  setPin(who: Account, residentId: string, pin: string, call: Call): Promise<Resident>;
}

export function createCommunities(platform: Platform, identity: Identity): Communities {
  const { store, clock, signer, audit } = platform;
  let pinSetter: PinSetter | undefined;

  const get = async (q: Reads, id: string) => {
    const found = await rows.findCommunity(q, id);
    if (!found) throw notFound('community');
    return found;
  };
  const resident = async (q: Reads, id: string) => {
    const found = await rows.findResident(q, id);
    if (!found) throw notFound('resident');
    return found;
  };
  const applyPin = async (q: Tx, who: Account, to: Resident, pin: string) => {
    invariant(pinSetter, 'the access slice is wired');
    await q.update(q.t.residents).set({ hasPin: true }).where(eq(q.t.residents.id, to.id));
    await pinSetter(q, to, pin);
    await audit(q, { who, action: 'resident.set-pin', subject: to.id });
  };

  identity.nameScopes('property', async (q, id) => (await rows.findCompany(q, id))?.name ?? '');
  identity.nameScopes('resident', async (q, id) => (await rows.findCommunity(q, id))?.name ?? '');

  return {
    get,
    resident,
    onPin: (setter) => void (pinSetter = setter),
    async mayManage(q, who, communityId) {
      const found = await get(q, communityId);
      if (who.role === 'property' && found.propertyCompanyId !== who.companyId) throw notFound('community');
      return found;
    },
    async entrance(q, id) {
      const found = await rows.findEntrance(q, id);
      if (!found) throw notFound('entrance');
      return found;
    },

    async createCompany(who, input, call) {
      const passwordHash = await identity.hashPassword(input.manager.password);
      return store.tx((q) =>
        once(q, clock, call, async () => {
          const id = newId('company');
          await q.insert(q.t.propertyCompanies).values({ id, name: input.name, createdAt: clock.now() });
          await signer.ensure(q, 'door-authority', id);
          const { email, name } = input.manager;
          await identity.createAccount(q, { role: 'property', scopeId: id, email, passwordHash, name });
          await audit(q, { who, action: 'company.create', subject: id });
          return { id, name: input.name };
        }),
      );
    },
    async companies(who, { cursor, limit = pageSizeDefault }) {
      const own = who.role === 'property' ? who.companyId : undefined;
      const found = await rows.listCompanies(store.read, own, startOf(cursor), limit + 1);
      return pageOf(found, limit, byId, (row) => row);
    },

    create: (who, input, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          if (!isZone(input.zone)) throw refusal('unknown-zone', 'this time zone is not in the IANA database');
          if (!(await rows.findCompany(q, input.propertyCompanyId))) throw notFound('property company');
          const id = newId('community');
          const { name, zone, households, profile, propertyCompanyId: companyId } = input;
          await q.insert(q.t.communities).values({
            id,
            companyId,
            name,
            zone,
            households,
            familiesPpm: profile.families,
            commutersPpm: profile.commuters,
            elderlyPpm: profile.elderly,
            createdAt: clock.now(),
          });
          await signer.ensure(q, 'code-root', id);
          await audit(q, { who, action: 'community.create', subject: id });
          return get(q, id);
        }),
      ),
    async list(who, { cursor, limit = pageSizeDefault }) {
      const found = await rows.listCommunities(store.read, ownCommunities(who), startOf(cursor), limit + 1);
      return pageOf(found, limit, byId, (row) => row);
    },

    createEntrance: (who, communityId, input, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          const entrance = { id: newId('entrance'), communityId, ...input };
          await q.insert(q.t.entrances).values(entrance);
          await audit(q, { who, action: 'entrance.create', subject: entrance.id });
          return entrance;
        }),
      ),
    async entrances(communityId, { cursor, limit = pageSizeDefault }) {
      const found = await rows.listEntrances(store.read, communityId, startOf(cursor), limit + 1);
      return pageOf(found, limit, byId, (row) => row);
    },

    createResident(who, communityId, input, call) {
      if (input.pin !== undefined) requireGoodPin(input.pin);
      return store.tx((q) =>
        once(q, clock, call, async () => {
          const id = newId('resident');
          const { name, phone, building, unit } = input;
          const unitId = await unitOf(q, communityId, building, unit);
          const phoneMasked = maskPhone(phone);
          await q
            .insert(q.t.residents)
            .values({ id, communityId, unitId, name, phoneMasked, hasPin: false, createdAt: clock.now() });
          const phoneTag = await identity.phoneTag(q, phone);
          await identity.createAccount(q, { role: 'resident', scopeId: communityId, residentId: id, phoneTag, name });
          await audit(q, { who, action: 'resident.create', subject: id });
          if (input.pin !== undefined) await applyPin(q, who, await resident(q, id), input.pin);
          return resident(q, id);
        }),
      );
    },
    async residents(communityId, { cursor, search, limit = pageSizeDefault }) {
      const found = await rows.listResidents(store.read, communityId, search, startOf(cursor), limit + 1);
      return pageOf(found, limit, byId, (row) => row);
    },
    setPin(who, residentId, pin, call) {
      requireGoodPin(pin);
      return store.tx((q) =>
        once(q, clock, call, async () => {
          await applyPin(q, who, await resident(q, residentId), pin);
          return resident(q, residentId);
        }),
      );
    },
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

function requireGoodPin(pin: string): void {
  if (isTrivialPin(pin)) throw refusal('trivial-pin', 'a stranger would try this PIN; choose another');
}

const byId = (row: { readonly id: string }) => [row.id] as const;
const startOf = (cursor: string | undefined): string =>
  cursor === undefined ? '' : decodeCursor<[string]>(cursor, ['string'])[0];

/** Merchants book anywhere, so they see every community; a resident sees home. */
function ownCommunities(who: Account): { companyId?: string; id?: string } {
  if (who.role === 'property') return { companyId: who.companyId };
  if (who.role === 'resident') return { id: who.communityId };
  return {};
}
