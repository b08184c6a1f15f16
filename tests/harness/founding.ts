import { randomBytes, randomInt } from 'node:crypto';
import { createClient, type Client, type Community, type Deal, type Entrance } from '@gatecast/cloud-api/client';
import { instant, localTime } from '@gatecast/firmware-protocol';
import { decisionDocument } from './demo/decision-document.ts';
import type { Neighbourhood } from './neighbourhood.ts';
import { phoneOf, town } from './demo/town.ts';

export interface Login {
  readonly email: string;
  readonly password: string;
}

/** What the founding of the demo's community leaves behind: who is who and how they get in. */
export interface Founded {
  readonly community: string;
  readonly entrances: readonly string[];
  /** In the order of the entrances; the first `terminals` of them have a screen. */
  readonly terminals: readonly { readonly id: string; readonly claimCode: string }[];
  readonly property: Login;
  readonly guard: Login;
  readonly merchants: Readonly<Record<string, Login & { readonly store: string }>>;
  readonly residents: readonly { readonly phone: string; readonly unit: string; readonly pin: string }[];
  readonly deal: string;
}

/** A client that signs in once as this account. */
export async function signedIn(cloudUrl: string, login: Login): Promise<Client> {
  const anonymous = createClient({ base: cloudUrl, token: () => undefined });
  const { token } = await anonymous('POST /v1/sessions', { body: { email: login.email, password: login.password } });
  return createClient({ base: cloudUrl, token: () => token });
}

/** The account of a store's owner. Throws for a store that the town has not. */
export function merchantLogin(merchants: Founded['merchants'], key: string): Login & { readonly store: string } {
  const login = merchants[key];
  if (!login) throw new Error(`the town has no merchant ${key}`);
  return login;
}

const newLogin = (email: string): Login => ({ email, password: randomBytes(9).toString('base64url') });

/** A PIN that nobody would guess first: six digits, no run, not one digit only. */
function newPin(): string {
  for (;;) {
    const pin = String(randomInt(100_000, 1_000_000));
    const digits = Array.from(pin, Number);
    const steps = new Set(digits.slice(1).map((digit, i) => digit - (digits[i] ?? 0)));
    if (new Set(digits).size >= 4 && steps.size > 1) return pin;
  }
}

/** Founds the community as its people would: each party by its own account, over the public API. */
export async function found(neighbourhood: Neighbourhood, terminals: number): Promise<Founded> {
  const { cloudUrl, operatorLogin } = neighbourhood;
  const operator = await signedIn(cloudUrl, operatorLogin);
  const property = newLogin('manager@heya.example');
  const company = await operator('POST /v1/property-companies', {
    body: { name: town.company, manager: { ...property, name: '周管家' } },
  });
  const community = await operator('POST /v1/communities', {
    body: { ...town.community, propertyCompanyId: company.id },
  });
  const entrances: Entrance[] = [];
  for (const body of town.entrances)
    entrances.push(await operator('POST /v1/communities/:id/entrances', { params: { id: community.id }, body }));

  const manager = await signedIn(cloudUrl, property);
  await letScreens(neighbourhood, { operator, manager }, community);
  const guard = await engageGuard(neighbourhood, manager);
  const residents = await settle(manager, community);
  const claims = [];
  for (const entrance of entrances.slice(0, terminals)) {
    const { id, claimCode } = await manager('POST /v1/terminals', {
      body: { communityId: community.id, entranceId: entrance.id, name: `${entrance.name}屏` },
    });
    claims.push({ id, claimCode });
  }
  const merchants = await openStores(operator, community);
  const deal = await openDeal(neighbourhood, merchants);
  return {
    community: community.id,
    entrances: entrances.map(({ id }) => id),
    terminals: claims,
    property,
    guard,
    merchants,
    residents,
    deal: deal.id,
  };
}

/** The manager invites, and the guard chooses a password. */
export async function engageGuard({ cloudUrl }: Neighbourhood, manager: Client): Promise<Login> {
  const guard = newLogin('guard@heya.example');
  const { token } = await manager('POST /v1/invitations', {
    body: { role: 'guard', name: town.guard, email: guard.email },
  });
  const anonymous = createClient({ base: cloudUrl, token: () => undefined });
  await anonymous('POST /v1/invitations/accept', { body: { token, password: guard.password } });
  return guard;
}

/** What the owners decided: the manager hands the document in, and the operator has read it. */
export async function letScreens(
  { clock }: Neighbourhood,
  { operator, manager }: { readonly operator: Client; readonly manager: Client },
  { id, zone }: Pick<Community, 'id' | 'zone'>,
): Promise<void> {
  const { title, decidedDaysAgo, heldForDays, placements, excluded, ownersSharePpm, managementPpm } = town.decision;
  const day = (daysFromNow: number) => localTime(instant(clock.now() + daysFromNow * 86_400_000), zone).date;
  const days = { decidedOn: day(-decidedDaysAgo), lastDay: day(heldForDays) };
  const shares = { ownersSharePpm: String(ownersSharePpm), managementPpm: String(managementPpm) };
  const recorded = await manager('POST /v1/owner-decisions', {
    query: { communityId: id, title, ...days, placements, excluded, ...shares },
    body: new Blob([decisionDocument(days)], { type: 'application/pdf' }),
  });
  await operator('POST /v1/owner-decisions/:id/confirm', { params: { id: recorded.id } });
}

async function settle(manager: Client, community: Community): Promise<Founded['residents']> {
  const residents = town.residents.map(({ name, building, unit }, index) => ({
    name,
    building,
    unit,
    phone: phoneOf(index),
    pin: newPin(),
  }));
  for (const body of residents)
    await manager('POST /v1/communities/:id/residents', { params: { id: community.id }, body });
  return residents.map(({ phone, unit, pin }) => ({ phone, unit, pin }));
}

async function openStores(operator: Client, community: Community): Promise<Founded['merchants']> {
  const merchants: Record<string, Login & { store: string }> = {};
  for (const { key, name, owner, store } of town.merchants) {
    const login = newLogin(`${key}@store.example`);
    const made = await operator('POST /v1/merchants', {
      body: { name, owner: { ...login, name: owner }, store: { ...store, communityId: community.id } },
    });
    merchants[key] = { ...login, store: made.stores[0]?.id ?? '' };
  }
  return merchants;
}

const dealDays = 14;

async function openDeal(neighbourhood: Neighbourhood, merchants: Founded['merchants']): Promise<Deal> {
  const { merchant, ...terms } = town.deal;
  const owner = merchantLogin(merchants, merchant);
  const client = await signedIn(neighbourhood.cloudUrl, owner);
  const opensAt = neighbourhood.clock.now();
  return client('POST /v1/deals', {
    body: { ...terms, storeId: owner.store, opensAt, closesAt: opensAt + dealDays * 86_400_000 },
  });
}
