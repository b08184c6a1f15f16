import { createHash, generateKeyPairSync, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { after, days, newId } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import { mp4File } from './content/mp4.fixture.ts';
import type { AccountRole } from './platform/auth.ts';
import type { Asker, Kind } from './rights-matrix.ts';
import type { TestApp } from './test-app.ts';
import { approvedClip, dealOf, merchantAt, residentAt, upload } from './test-market.ts';
import { claimedTerminal, neighbourhood, testJournal, type TestTerminal } from './test-neighbourhood.ts';
import { invited } from './test-people.ts';

/** A populated neighbourhood with somebody of every role, all of whose things can be named. */
export interface Side {
  readonly terminal: TestTerminal;
  /** A bearer; the same each time. */
  token(asker: Asker): Promise<string>;
  /** A bearer for one call, which may end the sessions of its account. */
  freshToken(asker: Asker): Promise<string>;
  /** An API key of the role's account; the same for the same scopes. */
  key(role: AccountRole, scopes: readonly string[]): Promise<string>;
  /** The id of a thing that this asker may name; the same each time. */
  id(kind: Kind, asker: Asker): Promise<string>;
  /** The same, of a thing made for this call, where there can be more than one. */
  fresh(kind: Kind, asker: Asker): Promise<string>;
  /** Ids told so far. */
  readonly told: ReadonlyMap<string, Kind>;
  /** A resident who may go. */
  goner(): Promise<string>;
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url');
/** A card number that nobody has. */
export const newCardNumber = (): string =>
  `${String(randomInt(1, 256)).padStart(3, '0')},${String(randomInt(65_536)).padStart(5, '0')}`;
export const newPhoneKey = (): string => {
  const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  return Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]).toString('base64url');
};

async function people(world: TestApp) {
  const here = await neighbourhood(world);
  const shop = await merchantAt(world, here);
  const resident = await residentAt(world, here, '王小明');
  const supplier = await world.call('POST', '/v1/suppliers', { token: world.operator, body: { name: '合作社' } });
  const { communityId, manager } = here;
  const guard = await invited(world, manager, { role: 'guard', communityIds: [communityId] });
  const staff = await invited(world, shop.token, { role: 'store-staff', storeId: shop.storeId });
  const leader = await invited(world, manager, { role: 'leader', communityId });
  const delivery = await invited(world, world.operator, { role: 'supplier', supplierId: supplier.body.id });
  const sessions: Readonly<Record<AccountRole, string>> = {
    operator: world.operator,
    property: manager,
    guard: guard.token,
    merchant: shop.token,
    'store-staff': staff.token,
    leader: leader.token,
    supplier: delivery.token,
    resident: resident.token,
  };
  return { here, shop, resident, sessions, supplierId: String(supplier.body.id) };
}

export async function rightsSide(world: TestApp): Promise<Side> {
  const { here, shop, resident, sessions, supplierId } = await people(world);
  const terminal = await claimedTerminal(world, here);
  const clip = await approvedClip(world, shop.token);
  const deal = await dealOf(world, shop, { stock: 1_000, perPersonMax: 100 });
  const { communityId } = here;
  const now = world.clock.now();
  const slot = now - (now % 1_800_000) + 1_800_000;

  const make = async (path: string, token: string, body?: unknown): Promise<string> => {
    const made = await world.call('POST', path, { token, body, idempotencyKey: randomUUID() });
    if (made.status !== 201) throw new Error(`POST ${path}: ${JSON.stringify(made.body)}`);
    return String(made.body.id);
  };
  const campaign = await make('/v1/campaigns', shop.token, { name: '草莓季', clipId: clip, dealId: deal });
  const booking = await make('/v1/bookings', shop.token, { campaignId: campaign, communityId, at: slot, touches: 1 });
  const raised = testJournal(
    world,
    terminal,
    'door',
  )({ kind: 'alarm', body: { entrance: here.entranceId, alarm: 'forced' } });
  await world.call('POST', `/v1/terminals/${terminal.id}/journal`, { token: terminal.token, body: raised });
  const alarm = `${terminal.id}.${terminal.epoch}.1`;

  const accountIds = new Map<string, string>();
  const accountOf = async (role: AccountRole): Promise<string> => {
    const known = accountIds.get(role);
    if (known !== undefined) return known;
    const t = world.store.read.t.sessions;
    const [row] = await world.store.read
      .select()
      .from(t)
      .where(eq(t.tokenHash, hashOf(sessions[role])));
    if (!row) throw new Error(`${role} is not signed in`);
    accountIds.set(role, row.accountId);
    return row.accountId;
  };
  const openSession = async (role: AccountRole): Promise<{ id: string; token: string }> => {
    const token = `gcs_${randomBytes(32).toString('base64url')}`;
    const id = newId('session');
    const accountId = await accountOf(role);
    const at = { createdAt: world.clock.now(), lastSeenAt: world.clock.now(), expiresAt: after(now, days(30)) };
    await world.store.tx(
      async (q) => void (await q.insert(q.t.sessions).values({ id, tokenHash: hashOf(token), accountId, ...at })),
    );
    return { id, token };
  };
  const roleOf = (asker: Asker): AccountRole => (asker === 'terminal' ? 'property' : asker);
  /** Calls of the walk end sessions, so that what makes things opens one of its own. */
  const human = async (asker: Asker): Promise<string> => (await openSession(roleOf(asker))).token;

  const newResident = async (name: string) => residentAt(world, { ...here, manager: await human('property') }, name);

  const passBody = { communityId, label: '水管工', entranceIds: null, from: now, to: slot, uses: 1 };
  const invitation = (asker: Asker) => {
    const email = `${randomUUID()}@rights.test`;
    if (asker === 'merchant') return { role: 'store-staff', name: '店员', email, storeId: shop.storeId };
    return asker === 'operator' ? { role: 'operator', name: '同事', email } : { role: 'guard', name: '保安', email };
  };
  /** What can be made again and again; the rest there is one of. */
  const makers: Partial<Record<Kind, (asker: Asker) => Promise<string>>> = {
    'api-key': async (asker) =>
      make('/v1/api-keys', await human(asker), { name: 'X', scopes: ['terminals:read'], expiresAt: null }),
    command: async (asker) => {
      const id = newId('command');
      const kind = asker === 'terminal' ? ('learn-card' as const) : ('open' as const);
      const row = {
        id,
        terminalId: terminal.id,
        kind,
        state: 'QUEUED' as const,
        times: {},
        actor: 'x',
        expiresAt: slot,
      };
      await world.store.tx(
        async (q) =>
          void (await q.insert(q.t.commands).values({
            ...row,
            expiresAt: after(now, days(1)),
            residentId: asker === 'resident' ? resident.id : null,
          })),
      );
      return id;
    },
    credential: async (asker) => {
      if (asker === 'resident')
        return make('/v1/me/phones', await human(asker), { publicKey: newPhoneKey(), label: '手机' });
      return make(`/v1/residents/${resident.id}/cards`, await human('property'), {
        number: newCardNumber(),
        format: 'w26',
      });
    },
    import: async () => {
      const body = `name,phone,building,unit\n张三,138${randomInt(10_000_000, 99_999_999)},9,${randomInt(100, 9_999)}\n`;
      return make(`/v1/communities/${communityId}/resident-imports?filename=a.csv`, await human('property'), body);
    },
    invitation: async (asker) => make('/v1/invitations', await human(asker), invitation(asker)),
    notice: async () =>
      make('/v1/notices', await human('property'), {
        communityId,
        level: 'announcement',
        title: '停水',
        text: '今晚停水',
        entranceIds: null,
        from: now,
        to: slot,
      }),
    order: async () => make('/v1/orders', await human('resident'), { dealId: deal, quantity: 1, visitId: null }),
    pass: async (asker) =>
      asker === 'resident'
        ? make('/v1/me/passes', await human(asker), { label: '客人', from: 'now', hours: 1, uses: null })
        : make('/v1/passes', await human('property'), passBody),
    resident: async (asker) => (asker === 'resident' ? resident.id : (await newResident('李芳')).id),
    schedule: async () =>
      make(`/v1/communities/${communityId}/access-schedules`, await human('property'), {
        name: randomUUID().slice(0, 20),
        windows: [{ days: [1], fromMinute: 0, toMinute: 60, entranceIds: null }],
      }),
    template: async () =>
      make('/v1/settings-templates', await human('property'), {
        name: randomUUID().slice(0, 20),
        settings: { openMs: 4_000 },
      }),
    session: async (asker) => (await openSession(roleOf(asker))).id,
  };
  const constants: Partial<Record<Kind, (asker: Asker) => Promise<string>>> = {
    account: async (asker) => (await invited(world, await human(asker), invitation(asker))).id,
    alarm: async () => alarm,
    booking: async () => booking,
    campaign: async () => campaign,
    clip: async () => String((await upload(world, await human('merchant'), mp4File())).body.id),
    community: async () => communityId,
    company: async () => here.companyId,
    deal: async () => deal,
    entrance: async () => here.entranceId,
    merchant: async () => shop.id,
    store: async () => shop.storeId,
    supplier: async () => supplierId,
    terminal: async () => terminal.id,
    unit: async () => {
      const path = `/v1/communities/${communityId}/units`;
      return String((await world.call('GET', path, { token: await human('property') })).body.items[0].id);
    },
  };

  const told = new Map<string, Kind>([[clip, 'clip']]);
  const kept = new Map<string, string>();
  const tell = async (kind: Kind, asker: Asker): Promise<string> => {
    const maker = makers[kind] ?? constants[kind];
    if (!maker) throw new Error(`the walk has no ${kind} to name`);
    const id = await maker(asker);
    told.set(id, kind);
    return id;
  };
  const id = async (kind: Kind, asker: Asker): Promise<string> => {
    const key = `${kind} ${asker}`;
    const known = kept.get(key) ?? (await tell(kind, asker));
    kept.set(key, known);
    return known;
  };
  const tokens = new Map<string, string>();
  const freshToken = async (asker: Asker) => (asker === 'terminal' ? terminal.token : (await openSession(asker)).token);
  const newKey = async (role: AccountRole, scopes: readonly string[]): Promise<string> => {
    const key = `gck_${randomBytes(32).toString('base64url')}`;
    const accountId = newId('account');
    const row = { id: newId('apiKey'), keyHash: hashOf(key), accountId, name: 'X', scopes };
    const at = { createdAt: world.clock.now(), expiresAt: null, lastUsedAt: world.clock.now() };
    await world.store.tx(async (q) => {
      // A colleague of the same rights, as one account may hold only so many keys.
      const [account] = await q
        .select()
        .from(q.t.accounts)
        .where(eq(q.t.accounts.id, await accountOf(role)));
      if (!account) throw new Error(`${role} has no account`);
      await q.insert(q.t.accounts).values({ ...account, id: accountId, email: null });
      await q.insert(q.t.apiKeys).values({ ...row, ...at });
    });
    return key;
  };

  return {
    terminal,
    told,
    id,
    fresh: (kind, asker) => (makers[kind] ? tell(kind, asker) : id(kind, asker)),
    async token(asker) {
      const known = tokens.get(asker) ?? (await freshToken(asker));
      tokens.set(asker, known);
      return known;
    },
    freshToken,
    async key(role, scopes) {
      const what = `${role} ${scopes.join(' ')}`;
      const known = tokens.get(what) ?? (await newKey(role, scopes));
      tokens.set(what, known);
      return known;
    },
    goner: async () => (await newResident('赵六')).token,
  };
}
