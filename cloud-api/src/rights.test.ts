import { newId } from '@gatecast/firmware-protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from './test-app.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood } from './test-neighbourhood.ts';
import { invited } from './test-people.ts';

describe('rights', () => {
  let world: TestApp;
  let here: Neighbourhood;
  let elsewhere: Neighbourhood;
  beforeAll(async () => {
    world = await testApp();
    here = await neighbourhood(world);
    elsewhere = await neighbourhood(world);
  });
  afterAll(() => world.close());

  it('nobody gets anywhere without signing in, but for the routes that say what protects them instead', async () => {
    const guarded = world.app.platform.api.routes.filter(({ open }) => !open);
    expect(guarded.length).toBeGreaterThan(20);
    for (const { method, path } of guarded) {
      const answer = await world.call(
        method.toUpperCase(),
        path.replaceAll(':id', newId('terminal')).replaceAll(/:\w+/g, 'x'),
      );
      expect({ path, status: answer.status, code: answer.body?.code }).toEqual({
        path,
        status: 401,
        code: 'unauthenticated',
      });
    }
  });

  it('an invented or ended session opens nothing', async () => {
    for (const token of ['gcs_invented', 'a.b.c', 'x']) {
      expect((await world.call('GET', '/v1/me', { token })).status).toBe(401);
    }
    const login = { email: 'operator@gatecast.test', password: 'correct-horse-battery' };
    const token = await world.signIn(login.email, login.password);
    expect((await world.call('DELETE', '/v1/sessions/current', { token })).status).toBe(204);
    expect((await world.call('GET', '/v1/me', { token })).status).toBe(401);
  });

  it('a property manager reaches nothing of another company', async () => {
    const token = elsewhere.manager;
    const terminal = await claimedTerminal(world, here);
    const pass = await world.call('POST', '/v1/passes', { token: here.manager, body: passBody(world, here) });
    const resident = await world.call('POST', `/v1/communities/${here.communityId}/residents`, {
      token: here.manager,
      body: { name: 'Resident', phone: '13800000001', unit: '1203', building: '3' },
    });
    const command = newId('command');
    const foreign: [string, string, unknown?][] = [
      ['GET', `/v1/communities/${here.communityId}/entrances`],
      ['POST', `/v1/communities/${here.communityId}/entrances`, { name: 'Back', placement: 'gate' }],
      ['GET', `/v1/communities/${here.communityId}/residents`],
      [
        'POST',
        `/v1/communities/${here.communityId}/residents`,
        { name: 'X', phone: '13800000002', unit: '1', building: '1' },
      ],
      ['PUT', `/v1/residents/${resident.body.id}/pin`, { pin: '274916' }],
      ['POST', '/v1/terminals', { communityId: here.communityId, entranceId: here.entranceId, name: 'Mine' }],
      ['GET', `/v1/terminals/${terminal.id}`],
      ['PATCH', `/v1/terminals/${terminal.id}/config`, { openMs: 3_000 }],
      ['PUT', `/v1/terminals/${terminal.id}/mode`, { mode: 'lockdown' }],
      ['PUT', `/v1/communities/${here.communityId}/mode`, { mode: 'lockdown' }],
      ['POST', `/v1/terminals/${terminal.id}/commands`, { kind: 'pair-readers' }],
      ['POST', `/v1/terminals/${terminal.id}/claim-codes`],
      ['POST', `/v1/terminals/${terminal.id}/commands`, { kind: 'open' }],
      ['GET', `/v1/commands/${command}`],
      ['POST', '/v1/passes', passBody(world, here)],
      ['DELETE', `/v1/passes/${pass.body.id}`],
    ];
    for (const [method, path, body] of foreign) {
      const answer = await world.call(method, path, { token, body });
      expect({ method, path, status: answer.status, code: answer.body?.code }).toEqual({
        method,
        path,
        status: 404,
        code: 'not-found',
      });
    }
    for (const path of ['/v1/terminals', '/v1/passes', '/v1/access-events']) {
      expect((await world.call('GET', `${path}?communityId=${here.communityId}`, { token })).body.items).toEqual([]);
    }
    expect((await world.call('GET', '/v1/communities', { token })).body.items.map((c: { id: string }) => c.id)).toEqual(
      [elsewhere.communityId],
    );
  });

  it('a guard of one community reaches nothing of another of the same company, and changes nothing', async () => {
    const home = await neighbourhood(world);
    const profile = { families: 0, commuters: 0, elderly: 0 };
    const more = {
      name: 'Maple Court',
      zone: 'Asia/Shanghai',
      propertyCompanyId: home.companyId,
      households: 10,
      profile,
    };
    const other = (await world.call('POST', '/v1/communities', { token: world.operator, body: more })).body.id;
    const path = `/v1/communities/${other}/entrances`;
    const gate = await world.call('POST', path, { token: home.manager, body: { name: 'Gate', placement: 'gate' } });
    const there = { ...home, communityId: other, entranceId: gate.body.id };
    const [mine, foreign] = [await claimedTerminal(world, home), await claimedTerminal(world, there)];
    const pass = await world.call('POST', '/v1/passes', { token: home.manager, body: passBody(world, there) });
    const { token } = await invited(world, home.manager, { role: 'guard', communityIds: [home.communityId] });

    expect((await world.call('GET', `/v1/terminals/${mine.id}`, { token })).status).toBe(200);
    const hidden: [string, string, unknown?][] = [
      ['GET', `/v1/terminals/${foreign.id}`],
      ['POST', `/v1/terminals/${foreign.id}/commands`, { kind: 'open' }],
      ['GET', path],
      ['GET', `/v1/passes/${pass.body.id}`],
    ];
    for (const [method, address, body] of hidden)
      expect([address, (await world.call(method, address, { token, body })).body.code]).toEqual([address, 'not-found']);
    for (const list of ['/v1/terminals', '/v1/passes', '/v1/access-events', '/v1/alarms']) {
      const { body } = await world.call('GET', `${list}?communityId=${other}`, { token });
      expect([list, body.items]).toEqual([list, []]);
    }
    const { body } = await world.call('GET', '/v1/terminals', { token });
    expect(body.items.map((one: { communityId: string }) => one.communityId)).not.toContain(other);
    for (const kind of ['pair-readers', 'rotate-keys', 'learn-card', 'identify']) {
      const answer = await world.call('POST', `/v1/terminals/${mine.id}/commands`, { token, body: { kind } });
      expect([kind, answer.body.code]).toEqual([kind, 'forbidden']);
    }
    const opening = await world.call('POST', `/v1/terminals/${mine.id}/commands`, { token, body: { kind: 'open' } });
    expect(opening.body.code).toBe('terminal-offline');
  });

  it('only the operator makes companies and communities, and takes a terminal out of service', async () => {
    const token = here.manager;
    const terminal = await world.call('GET', '/v1/terminals', { token });
    const forbidden: [string, string, unknown?][] = [
      [
        'POST',
        '/v1/property-companies',
        { name: 'X', manager: { email: 'x@y.test', password: '0123456789', name: 'X' } },
      ],
      ['POST', '/v1/communities', {}],
      ['POST', `/v1/terminals/${terminal.body.items[0].id}/revoke`],
    ];
    for (const [method, path, body] of forbidden) {
      expect((await world.call(method, path, { token, body })).body.code).toBe('forbidden');
    }
  });

  it('a terminal speaks for itself alone, and a person cannot speak for a terminal', async () => {
    const mine = await claimedTerminal(world, elsewhere);
    const { body } = await world.call('GET', '/v1/terminals', { token: here.manager });
    const other = body.items[0].id;
    expect((await world.call('GET', `/v1/terminals/${mine.id}/desired`, { token: mine.token })).status).toBe(200);
    expect((await world.call('GET', `/v1/terminals/${other}/desired`, { token: mine.token })).body.code).toBe(
      'forbidden',
    );
    expect((await world.call('GET', `/v1/terminals/${mine.id}/desired`, { token: here.manager })).body.code).toBe(
      'forbidden',
    );
    expect((await world.call('GET', `/v1/terminals/${mine.id}`, { token: mine.token })).body.code).toBe('forbidden');
  });
});

const passBody = (world: TestApp, at: Neighbourhood) => ({
  communityId: at.communityId,
  label: 'Plumber',
  entranceIds: null,
  from: world.clock.now(),
  to: world.clock.now() + 7_200_000,
  uses: null,
});
