import { isZone, keepsHalfHours, newId } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Identity } from '../identity/service.ts';
import { keptBy, type Account, type As, type Keeper } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { columnsOfPoint } from '../platform/geo.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { Community, communityPatch, newCommunity, newPropertyCompany, PropertyCompany } from './contract.ts';
import { idAfter, keyOf, type Paging } from './paging.ts';
import { createEntrances, type Entrances } from './entrances.ts';
import { createErasure, type Erasure } from './erasure.ts';
import { createImports, type Imports } from './imports/service.ts';
import { indexOldResidents } from './index-residents.ts';
import { endLeases } from './leases.ts';
import { createPeople, type People } from './people.ts';
import { createPlaces, type Places } from './places.ts';
import { findUnit } from './place-store.ts';
import { findResident } from './resident-store.ts';
import { communityReads, type CommunityReads } from './reads.ts';
import * as rows from './store.ts';

export type Manager = As<'operator' | 'property'>;

export const communityReaders = ['operator', 'property', 'guard', 'merchant', 'leader', 'resident'] as const;
type CommunityReader = As<(typeof communityReaders)[number]>;

export interface Communities extends CommunityReads, People, Places, Entrances, Erasure {
  readonly imports: Imports;
  /** Rejects with `not-found` unless the community exists and `who` manages it. */
  mayManage(q: Reads, who: Manager, communityId: string): Promise<Community>;
  /** Rejects with `not-found` unless the community exists and `who` keeps its doors. */
  mayKeep(q: Reads, who: Keeper, communityId: string): Promise<Community>;
  /** Rejects with `not-found`. */
  get(q: Reads, id: string): Promise<Community>;
  companyNames(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;

  /** With its first manager and its door authority. Rejects with `email-taken`. */
  createCompany(who: Account, input: z.output<typeof newPropertyCompany>, call: Call): Promise<PropertyCompany>;
  companies(who: Manager, paging: Paging): Promise<Page<PropertyCompany>>;
  /** Rejects with `unknown-zone` or, for a zone a quarter of an hour off, `zone-off-half-hours`. */
  create(who: Account, input: z.output<typeof newCommunity>, call: Call): Promise<Community>;
  change(who: Account, id: string, patch: z.output<typeof communityPatch>, call: Call): Promise<Community>;
  list(who: CommunityReader, paging: Paging): Promise<Page<Community>>;
  /** Runs in the transaction in which a community says anew when children pass. */
  onChildrenPass(hook: ChildrenPassHook): void;
}
type ChildrenPassHook = (q: Tx, communityId: string) => Promise<void>;

export function createCommunities(platform: Platform, identity: Identity): Communities {
  const { store, clock, audit } = platform;
  describePlaces(identity);
  const entrances = createEntrances(platform);
  const people = createPeople(platform, identity);
  endLeases(platform, people);
  indexOldResidents(platform);
  const childrenPassHooks: ChildrenPassHook[] = [];
  return {
    ...communityReads,
    ...people,
    ...createPlaces(platform),
    ...entrances,
    ...createErasure(platform, people),
    imports: createImports(platform, identity, people),
    companyNames: rows.companyNames,
    get,
    async mayManage(q, who, communityId) {
      const found = await get(q, communityId);
      if (who.role === 'property' && found.propertyCompanyId !== who.companyId) throw notFound('community');
      return found;
    },
    async mayKeep(q, who, communityId) {
      const found = await get(q, communityId);
      const { companyId, communityIds } = keptBy(who);
      if (companyId !== undefined && found.propertyCompanyId !== companyId) throw notFound('community');
      if (communityIds !== undefined && !communityIds.includes(communityId)) throw notFound('community');
      return found;
    },

    async createCompany(who, input, call) {
      const passwordHash = await identity.hashPassword(input.manager.password);
      return store.tx((q) =>
        once(q, clock, call, () => insertCompany(q, platform, identity, who, { ...input, passwordHash })),
      );
    },
    async companies(who, { cursor, limit = pageSizeDefault }) {
      const own = who.role === 'property' ? who.companyId : undefined;
      const found = await rows.listCompanies(store.read, own, idAfter(cursor), limit + 1);
      return pageOf(found, limit, keyOf, (row) => row);
    },
    create: (who, input, call) => store.tx((q) => once(q, clock, call, () => insertCommunity(q, platform, who, input))),
    change: (who, id, patch, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          const { location, ...facts } = patch;
          const set = { ...facts, ...(location !== undefined && columnsOfPoint(location)) };
          const changed = Object.values(set).some((value) => value !== undefined);
          if (changed) await q.update(q.t.communities).set(set).where(eq(q.t.communities.id, id));
          await audit(q, { who, action: 'community.change', subject: id, facts: patch });
          if (isOnScreens(patch)) await entrances.tellName(q, id);
          if (patch.childrenPass !== undefined) for (const hook of childrenPassHooks) await hook(q, id);
          return get(q, id);
        }),
      ),
    onChildrenPass: (hook) => void childrenPassHooks.push(hook),
    async list(who, { cursor, limit = pageSizeDefault }) {
      const found = await rows.listCommunities(store.read, ownCommunities(who), idAfter(cursor), limit + 1);
      return pageOf(found, limit, keyOf, (row) => row);
    },
  };
}

/** What the terminals' screens show of a community, or do as it says. */
const isOnScreens = ({ name, officePhone, volumeCapPercent }: z.output<typeof communityPatch>): boolean =>
  [name, officePhone, volumeCapPercent].some((value) => value !== undefined);

/** What the ids of companies, communities and entrances stand for, wherever an account or an audit row names them. */
function describePlaces({ directory }: Identity): void {
  directory.tell('prop', async (q, id) => {
    const company = await rows.findCompany(q, id);
    return company && { name: company.name, ownerId: null };
  });
  directory.tell('comm', async (q, id) => {
    const community = await rows.findCommunity(q, id);
    return community && { name: community.name, ownerId: community.propertyCompanyId };
  });
  directory.tell('entr', async (q, id) => {
    const entrance = await rows.findEntrance(q, id);
    return entrance && { name: entrance.name, ownerId: entrance.communityId };
  });
  directory.tell('unit', async (q, id) => {
    const unit = await findUnit(q, id);
    return unit && { name: `${unit.building}-${unit.number}`, ownerId: unit.communityId };
  });
  directory.tell('resi', async (q, id) => {
    const resident = await findResident(q, id);
    return resident && { name: resident.name, ownerId: resident.communityId };
  });
}

async function get(q: Reads, id: string): Promise<Community> {
  const found = await rows.findCommunity(q, id);
  if (!found) throw notFound('community');
  return found;
}

async function insertCompany(
  q: Tx,
  { clock, signer, audit }: Platform,
  identity: Identity,
  who: Account,
  input: z.output<typeof newPropertyCompany> & { readonly passwordHash: string },
): Promise<PropertyCompany> {
  const id = newId('company');
  const { name, manager, passwordHash } = input;
  await q.insert(q.t.propertyCompanies).values({ id, name, createdAt: clock.now() });
  await signer.ensure(q, 'door-authority', id);
  const { email, name: managerName } = manager;
  await identity.createAccount(q, { role: 'property', scopeId: id, email, passwordHash, name: managerName });
  await audit(q, { who, action: 'company.create', subject: id });
  return { id, name };
}

async function insertCommunity(
  q: Tx,
  { clock, signer, audit }: Platform,
  who: Account,
  input: z.output<typeof newCommunity>,
): Promise<Community> {
  const { name, zone, households, profile, propertyCompanyId: companyId } = input;
  if (!isZone(zone)) throw refusal('unknown-zone', 'this time zone is not in the IANA database');
  // Touches are counted, sold and planned by half-hours that all communities share.
  if (!keepsHalfHours(zone, clock.now()))
    throw refusal('zone-off-half-hours', 'clocks of this time zone are a quarter of an hour off the half-hour');
  if (!(await rows.findCompany(q, companyId))) throw notFound('property company');
  const id = newId('community');
  const { families: familiesPpm, commuters: commutersPpm, elderly: elderlyPpm } = profile;
  const shares = { familiesPpm, commutersPpm, elderlyPpm };
  const row = { id, companyId, name, zone, households, ...shares, ...columnsOfPoint(input.location) };
  await q.insert(q.t.communities).values({ ...row, createdAt: clock.now() });
  await signer.ensure(q, 'code-root', id);
  await audit(q, { who, action: 'community.create', subject: id });
  return get(q, id);
}

/** Merchants book anywhere, so they see every community; a resident and a leader see home. */
function ownCommunities(who: CommunityReader): rows.CommunityFilter {
  switch (who.role) {
    case 'operator':
    case 'property':
    case 'guard':
      return keptBy(who);
    case 'merchant':
      return {};
    case 'leader':
    case 'resident':
      return { communityIds: [who.communityId] };
  }
}
