import { days, milliseconds, minutes } from '@gatecast/firmware-protocol';
import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt, residentAt, type TestMerchant } from '../test-market.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';
import { invited } from '../test-people.ts';

const password = 'three gates and a lift';

describeStores('a party’s own people', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let elsewhere: Neighbourhood;
  let shop: TestMerchant;
  let people = 0;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
    here = await neighbourhood(world);
    elsewhere = await neighbourhood(world);
    shop = await merchantAt(world, here);
  });
  afterAll(() => world.close());

  const invite = (token: string, body: Readonly<Record<string, unknown>>, idempotencyKey?: string) => {
    people += 1;
    return world.call('POST', '/v1/invitations', {
      token,
      body: { name: '王保安', email: `person-${people}@team.test`, ...body },
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
  };
  const look = (token: string) => world.call('POST', '/v1/invitations/look', { body: { token } });
  const accept = (token: string, chosen = password) =>
    world.call('POST', '/v1/invitations/accept', { body: { token, password: chosen } });
  const change = (token: string, id: string, body: unknown) => world.call('PATCH', `/v1/team/${id}`, { token, body });
  const team = async (token: string, query = '') => (await world.call('GET', `/v1/team${query}`, { token })).body.items;

  it('a manager brings in a guard, who chooses the password and is signed in', async () => {
    const { body } = await invite(here.manager, {
      role: 'guard',
      communityIds: [here.communityId],
      email: 'Gate@Team.test',
    });
    expect(await look(body.token)).toMatchObject({
      status: 200,
      body: { role: 'guard', name: '王保安', email: 'gate@team.test', partyName: 'Harbour Property' },
    });
    const session = await accept(body.token);
    expect(session.body.me).toEqual({
      role: 'guard',
      name: '王保安',
      scope: { id: here.companyId, name: 'Harbour Property' },
      communityIds: [here.communityId],
      email: 'gate@team.test',
      totp: false,
    });
    expect(await world.signIn('GATE@team.test', password)).toMatch(/^gcs_/);
  });

  it('an invitation works once, and not after it was taken back', async () => {
    const used = (await invite(here.manager, { role: 'guard' })).body;
    expect((await accept(used.token)).status).toBe(201);
    expect((await accept(used.token)).body.code).toBe('invitation-unknown');

    const revoked = (await invite(here.manager, { role: 'guard' })).body;
    const path = `/v1/invitations/${revoked.id}`;
    expect((await world.call('DELETE', path, { token: elsewhere.manager })).body.code).toBe('not-found');
    expect((await world.call('DELETE', path, { token: here.manager })).status).toBe(204);
    expect((await look(revoked.token)).body.code).toBe('invitation-unknown');
  });

  it('an invitation asked for twice with one key is one, with the same token', async () => {
    const body = { role: 'guard', email: 'twice@team.test' };
    const first = await invite(here.manager, body, 'same-key');
    const again = await invite(here.manager, body, 'same-key');
    expect(again.body).toEqual(first.body);
    expect((await team(here.manager)).filter((one: { email: string }) => one.email === body.email)).toHaveLength(1);
  });

  it('nobody gives a role that is not theirs to give', async () => {
    const owner = (await merchantAt(world, here)).token;
    const guard = (await invited(world, here.manager, { role: 'guard' })).token;
    const no: readonly [string, Readonly<Record<string, unknown>>, string][] = [
      [here.manager, { role: 'operator' }, 'forbidden'],
      [here.manager, { role: 'merchant', merchantId: shop.id }, 'forbidden'],
      [here.manager, { role: 'supplier' }, 'forbidden'],
      [here.manager, { role: 'store-staff', storeId: shop.storeId }, 'forbidden'],
      [owner, { role: 'merchant', merchantId: shop.id }, 'forbidden'],
      [owner, { role: 'guard', companyId: here.companyId }, 'forbidden'],
      [guard, { role: 'guard' }, 'forbidden'],
      // Theirs to give, but not there.
      [here.manager, { role: 'guard', communityIds: [elsewhere.communityId] }, 'not-found'],
      [here.manager, { role: 'property', companyId: elsewhere.companyId }, 'not-found'],
      [here.manager, { role: 'leader', communityId: elsewhere.communityId }, 'not-found'],
      [owner, { role: 'store-staff', storeId: shop.storeId }, 'not-found'],
      [owner, { role: 'store-staff' }, 'invalid-request'],
    ];
    for (const [token, body, code] of no) expect([body, (await invite(token, body)).body.code]).toEqual([body, code]);
    expect((await world.call('GET', '/v1/team', { token: guard })).body.code).toBe('forbidden');
  });

  it('the operator gives every role', async () => {
    const token = world.operator;
    const supplier = await world.call('POST', '/v1/suppliers', { token, body: { name: '丹东草莓合作社' } });
    const wanted: readonly (readonly [Readonly<Record<string, unknown>>, unknown])[] = [
      [{ role: 'operator' }, null],
      [
        { role: 'property', companyId: here.companyId },
        { id: here.companyId, name: 'Harbour Property' },
      ],
      [
        { role: 'guard', companyId: here.companyId },
        { id: here.companyId, name: 'Harbour Property' },
      ],
      [
        { role: 'merchant', merchantId: shop.id },
        { id: shop.id, name: '好邻居水果店' },
      ],
      [
        { role: 'store-staff', storeId: shop.storeId },
        { id: shop.storeId, name: '好邻居水果店（东门）' },
      ],
      [
        { role: 'leader', communityId: here.communityId },
        { id: here.communityId, name: 'Linden Court' },
      ],
      [
        { role: 'supplier', supplierId: supplier.body.id },
        { id: supplier.body.id, name: '丹东草莓合作社' },
      ],
    ];
    for (const [body, scope] of wanted) {
      const { token: invitation } = (await invite(token, body)).body;
      expect((await accept(invitation)).body.me).toMatchObject({ role: body['role'], scope });
    }
  });

  it('one address has one account', async () => {
    const first = (await invite(here.manager, { role: 'guard', email: 'one@team.test' })).body;
    const second = (await invite(here.manager, { role: 'guard', email: 'one@team.test' })).body;
    expect((await accept(first.token)).status).toBe(201);
    expect((await accept(second.token)).body.code).toBe('email-taken');
    expect((await invite(here.manager, { role: 'guard', email: 'ONE@team.test' })).body.code).toBe('email-taken');
  });

  it('a common password is refused, and the invitation stays good', async () => {
    const { token } = (await invite(here.manager, { role: 'guard', email: 'lazybones@team.test' })).body;
    for (const common of ['1234567890', 'lazybones123'])
      expect((await accept(token, common)).body.code).toBe('password-common');
    expect((await accept(token)).status).toBe(201);
  });

  it('a team is the own party’s, with those who are only invited', async () => {
    const guard = await invited(world, here.manager, { role: 'guard' });
    const leader = await invited(world, here.manager, { role: 'leader', communityId: here.communityId });
    const open = (await invite(here.manager, { role: 'guard', email: 'open@team.test' })).body;
    const ids = (await team(here.manager, '?limit=200')).map((one: { id: string }) => one.id);
    expect(ids).toEqual(expect.arrayContaining([guard.id, leader.id, open.id]));
    expect((await team(here.manager, '?role=leader')).map((one: { id: string }) => one.id)).toContain(leader.id);
    expect((await team(here.manager, '?role=guard')).map((one: { role: string }) => one.role)).not.toContain('leader');
    const foreign = (await team(elsewhere.manager, '?limit=200')).map((one: { id: string }) => one.id);
    expect(foreign).not.toEqual(expect.arrayContaining([guard.id]));
    expect(foreign).not.toEqual(expect.arrayContaining([open.id]));
  });

  it('turns its pages through accounts and invitations alike', async () => {
    const seen: string[] = [];
    let cursor = '';
    for (;;) {
      const { body } = await world.call('GET', `/v1/team?limit=2${cursor}`, { token: here.manager });
      seen.push(...body.items.map((one: { id: string }) => one.id));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual((await team(here.manager, '?limit=200')).map((one: { id: string }) => one.id));
    expect(seen.some((id) => id.startsWith('invt_'))).toBe(true);
  });

  it('whoever leads a team is told on the page that somebody came, and nobody else', async () => {
    const { body } = await invite(shop.token, { role: 'store-staff', storeId: shop.storeId });
    await accept(body.token);
    const { events } = world.store.read.t;
    const told = await world.store.read.select().from(events).where(eq(events.type, 'team')).orderBy(desc(events.id));
    expect(told[0]).toMatchObject({ merchantId: shop.id, companyId: null, storeId: null, residentId: null });
  });

  it('a suspended account loses its sessions, links, keys and open invitations at once, and comes back without them', async () => {
    const colleague = await invited(world, here.manager, { role: 'property' });
    const { token } = colleague;
    const key = await world.call('POST', '/v1/api-keys', {
      token,
      body: { name: 'Export', scopes: ['terminals:read'], expiresAt: null },
    });
    const link = (await world.call('POST', '/v1/session-links', { token })).body.link;
    const planted = (await invite(token, { role: 'guard' })).body.token;
    const list = (bearer: string) => world.call('GET', '/v1/terminals', { token: bearer });
    expect((await list(key.body.key)).status).toBe(200);

    expect((await change(here.manager, colleague.id, { state: 'suspended' })).body.state).toBe('suspended');
    expect((await list(token)).status).toBe(401);
    expect((await list(key.body.key)).status).toBe(401);
    expect((await world.call('POST', '/v1/sessions', { body: { link } })).body.code).toBe('wrong-credentials');
    expect((await look(planted)).body.code).toBe('invitation-unknown');
    const login = { email: colleague.email, password: colleague.password };
    expect((await world.call('POST', '/v1/sessions', { body: login })).body.code).toBe('account-suspended');
    const wrong = await world.call('POST', '/v1/sessions', { body: { ...login, password: 'not this one' } });
    expect(wrong.body.code).toBe('wrong-credentials');

    expect((await change(here.manager, colleague.id, { state: 'active' })).body.state).toBe('active');
    expect((await list(token)).status).toBe(401);
    expect((await world.call('POST', '/v1/sessions', { body: login })).status).toBe(201);
  });

  it('nobody suspends themselves, and nobody changes an account of elsewhere', async () => {
    const mine = await invited(world, here.manager, { role: 'property' });
    expect((await change(mine.token, mine.id, { state: 'suspended' })).body.code).toBe('own-account');
    expect((await change(elsewhere.manager, mine.id, { state: 'suspended' })).body.code).toBe('not-found');
    expect((await change(shop.token, mine.id, { name: 'X' })).body.code).toBe('not-found');
    const resident = await residentAt(world, here, '赵六');
    expect((await change(world.operator, resident.id, { state: 'suspended' })).body.code).toBe('not-found');
  });

  it('what a guard keeps changes at once, within the company', async () => {
    const guard = await invited(world, here.manager, { role: 'guard', communityIds: [here.communityId] });
    const listed = async () => (await world.call('GET', '/v1/communities', { token: guard.token })).body.items.length;
    expect(await listed()).toBe(1);
    expect((await change(here.manager, guard.id, { communityIds: [elsewhere.communityId] })).body.code).toBe(
      'not-found',
    );
    expect((await change(here.manager, guard.id, { communityIds: null })).body.communityIds).toBeNull();
    expect(await listed()).toBe(1);
    expect((await change(here.manager, guard.id, { communityIds: [] })).body.code).toBe('invalid-request');
  });

  it('says when somebody was last seen, to the minute', async () => {
    const guard = await invited(world, here.manager, { role: 'guard' });
    const seen = async () =>
      (await team(here.manager, '?limit=200')).find((one: { id: string }) => one.id === guard.id).lastSeenAt;
    const joined = await seen();
    world.clock.advance(minutes(1));
    await world.call('GET', '/v1/me', { token: guard.token });
    expect(await seen()).toBe(joined + minutes(1));
  });

  it('an invitation is good for seven days', async () => {
    const [late, old] = [await invite(here.manager, { role: 'guard' }), await invite(here.manager, { role: 'guard' })];
    world.clock.advance(milliseconds(days(7) - 1));
    expect((await look(late.body.token)).body.expiresAt).toBe(world.clock.now() + 1);
    expect((await accept(late.body.token)).status).toBe(201);
    world.clock.advance(milliseconds(1));
    expect((await accept(old.body.token)).body.code).toBe('invitation-unknown');
  });
});
