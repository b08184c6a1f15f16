import { days, hours, minutes } from '@gatecast/firmware-protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';
import { invited, type TestPerson } from '../test-people.ts';

describeStores('an API key', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let manager: TestPerson;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
    here = await neighbourhood(world);
    manager = await invited(world, here.manager, { role: 'property' });
    await claimedTerminal(world, here);
  });
  afterAll(() => world.close());

  const make = (scopes: readonly string[], expiresAt: number | null = null) =>
    world.call('POST', '/v1/api-keys', { token: manager.token, body: { name: 'ERP', scopes, expiresAt } });
  const get = (path: string, token: string) => world.call('GET', path, { token });

  it('does what its scopes say for the account that made it', async () => {
    const { body } = await make(['terminals:read']);
    expect(body.key).toMatch(/^gck_[\w-]{43}$/);
    const terminals = await get('/v1/terminals', body.key);
    expect(terminals.body.items).toHaveLength(1);
    for (const path of ['/v1/communities', '/v1/access-events', '/v1/me'])
      expect((await get(path, body.key)).body).toMatchObject({ code: 'forbidden' });
    const mode = { token: body.key, body: { mode: 'lockdown' } };
    const locked = await world.call('PUT', `/v1/terminals/${terminals.body.items[0].id}/mode`, mode);
    expect(locked.body).toMatchObject({ code: 'forbidden', scope: 'terminals:write' });
  });

  it('needs its scope also for what is open to everybody, so that it never sees more than it was made for', async () => {
    const { key } = (await make(['terminals:read'])).body;
    expect((await get('/v1/deals', key)).body.code).toBe('forbidden');
    expect((await world.call('GET', '/v1/deals')).status).toBe(200);
  });

  it('never makes keys, invitations or sessions, and never touches a password', async () => {
    const everything = ['identity:read', 'terminals:read', 'terminals:write', 'communities:write', 'platform:read'];
    const { key } = (await make(everything)).body;
    const never: readonly [string, string, unknown?][] = [
      ['POST', '/v1/api-keys', { name: 'X', scopes: ['terminals:read'], expiresAt: null }],
      ['GET', '/v1/api-keys'],
      ['POST', '/v1/invitations', { role: 'guard', name: 'X', email: 'x@team.test' }],
      ['POST', '/v1/session-links'],
      ['POST', '/v1/sessions', { email: manager.email, password: manager.password }],
      ['GET', '/v1/me/sessions'],
      ['DELETE', '/v1/me/sessions'],
      ['PUT', '/v1/me/password', { current: manager.password, next: 'seven bicycles by the wall' }],
      ['POST', '/v1/me/totp'],
      ['PATCH', `/v1/team/${manager.id}`, { name: 'X' }],
    ];
    for (const [method, path, body] of never) {
      const answer = await world.call(method, path, { token: key, body });
      expect([method, path, answer.body.code]).toEqual([method, path, 'forbidden']);
    }
    expect((await make(['identity:write'])).body).toMatchObject({ code: 'scope-unknown', scopes: ['identity:write'] });
  });

  it('is not made with a scope that there is not', async () => {
    expect((await make(['terminals:read', 'doors:write'])).body).toMatchObject({
      code: 'scope-unknown',
      scopes: ['doors:write'],
    });
    expect((await make(['terminals: for the machines:read'])).body.code).toBe('invalid-request');
    expect((await make([])).body.code).toBe('invalid-request');
  });

  it('ends when it is due, and at once when it is revoked', async () => {
    const due = (await make(['terminals:read'], world.clock.now() + hours(1))).body;
    const revoked = (await make(['terminals:read'])).body;
    const path = `/v1/api-keys/${revoked.id}`;
    expect((await world.call('DELETE', path, { token: here.manager })).body.code).toBe('not-found');
    expect((await world.call('DELETE', path, { token: manager.token })).status).toBe(204);
    expect((await get('/v1/terminals', revoked.key)).status).toBe(401);
    expect((await get('/v1/terminals', due.key)).status).toBe(200);
    world.clock.advance(hours(1));
    expect((await get('/v1/terminals', due.key)).status).toBe(401);
  });

  it('tells when it was last used, to the minute, and never itself again', async () => {
    const { id, key } = (await make(['terminals:read'])).body;
    const listed = async () =>
      (await get('/v1/api-keys?limit=200', manager.token)).body.items.find((one: { id: string }) => one.id === id);
    expect(await listed()).toEqual({
      id,
      name: 'ERP',
      scopes: ['terminals:read'],
      createdAt: world.clock.now(),
      expiresAt: null,
      lastUsedAt: null,
    });
    await get('/v1/terminals', key);
    const first = world.clock.now();
    world.clock.advance(minutes(1));
    expect((await listed()).lastUsedAt).toBe(first);
    await get('/v1/terminals', key);
    expect((await listed()).lastUsedAt).toBe(first + minutes(1));
    const { apiKeys } = its.store.read.t;
    expect(JSON.stringify(await its.store.read.select().from(apiKeys))).not.toContain(key.slice(4));
  });

  it('asked for twice with one idempotency key is one key', async () => {
    const ask = () =>
      world.call('POST', '/v1/api-keys', {
        token: manager.token,
        body: { name: 'Twice', scopes: ['terminals:read'], expiresAt: null },
        idempotencyKey: 'the same',
      });
    expect((await ask()).body).toEqual((await ask()).body);
  });

  it('is told from its maker in the record of who did what', async () => {
    const { id, key } = (await make(['terminals:write', 'terminals:read'])).body;
    const terminal = (await get('/v1/terminals', key)).body.items[0].id;
    await world.call('PATCH', `/v1/terminals/${terminal}/config`, { token: key, body: { openMs: 4_000 } });
    const [newest] = (await get('/v1/audit', manager.token)).body.items;
    expect(newest).toMatchObject({ actor: { id: manager.id }, facts: { apiKey: id } });
  });

  it('is one of twenty at most', async () => {
    const other = await invited(world, here.manager, { role: 'property' });
    const ask = () =>
      world.call('POST', '/v1/api-keys', {
        token: other.token,
        body: { name: 'X', scopes: ['terminals:read'], expiresAt: world.clock.now() + days(1) },
      });
    for (let n = 0; n < 20; n += 1) expect((await ask()).status).toBe(201);
    expect((await ask()).body.code).toBe('too-many-keys');
  });
});
