import { hours } from '@gatecast/firmware-protocol';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { residentAt, type TestResident } from '../test-market.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';

describeStores('a resident’s data', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let me: TestResident;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
    here = await neighbourhood(world);
  });
  beforeEach(async () => {
    me = await residentAt(world, here, '王小明');
  });
  afterAll(() => world.close());

  const mine = (method: string, path: string, body?: unknown) => world.call(method, path, { token: me.token, body });
  const theirs = (method: string, path: string, body?: unknown) =>
    world.call(method, path, { token: here.manager, body });

  it('shows the resident that the property looked, once an hour, and no manager’s name', async () => {
    for (let look = 0; look < 3; look += 1) await theirs('GET', `/v1/residents/${me.id}`);
    world.clock.advance(hours(1));
    await theirs('GET', `/v1/residents/${me.id}`);
    await theirs('GET', `/v1/residents/${me.id}/export`);
    const { body } = await mine('GET', '/v1/me/record-views');
    expect(body.items.map(({ what }: { what: string }) => what)).toEqual(['export', 'record', 'record']);
    expect(body.items[0]).toMatchObject({ by: 'Harbour Property · property', company: 'Harbour Property' });
    expect(JSON.stringify(body)).not.toContain('Manager');
  });

  it('pages through who looked', async () => {
    for (let look = 0; look < 3; look += 1) {
      await theirs('GET', `/v1/residents/${me.id}`);
      world.clock.advance(hours(1));
    }
    const first = (await mine('GET', '/v1/me/record-views?limit=2')).body;
    const second = (await mine('GET', `/v1/me/record-views?limit=2&cursor=${first.nextCursor}`)).body;
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null]);
  });

  it('does not note that residents look at their own', async () => {
    await mine('GET', '/v1/me/export');
    expect((await mine('GET', '/v1/me/record-views')).body.items).toEqual([]);
  });

  it('is agreed to for one purpose at a time, off until then, and taken back at once', async () => {
    const { privacy } = world.app.platform;
    const agreed = () => privacy.consentOf(world.store.read, me.id, 'personal-offers');
    const { items } = (await mine('GET', '/v1/me/consents')).body;
    expect(items).toHaveLength(5);
    expect(items.every(({ granted, at }: { granted: boolean; at: null }) => !granted && at === null)).toBe(true);
    expect(await agreed()).toBe(false);

    const yes = await mine('PUT', '/v1/me/consents/personal-offers', { granted: true, textVersion: 2 });
    expect(yes.body).toMatchObject({ granted: true, at: world.clock.now(), textVersion: 2 });
    expect(await agreed()).toBe(true);
    expect(await privacy.consentOf(world.store.read, me.id, 'visit-join')).toBe(false);

    await mine('PUT', '/v1/me/consents/personal-offers', { granted: false, textVersion: 2 });
    expect(await agreed()).toBe(false);
    const history = (await mine('GET', '/v1/me/export')).body.slices.find(
      ({ slice }: { slice: string }) => slice === 'privacy',
    ).sections[0].items;
    expect(history.map(({ granted }: { granted: boolean }) => granted)).toEqual([true, false]);
  });

  it('is not agreed to in a wording that has changed', async () => {
    const answer = await mine('PUT', '/v1/me/consents/visit-join', { granted: true, textVersion: 9 });
    expect(answer).toMatchObject({ status: 409, body: { code: 'consent-text-changed' } });
  });

  it('is not agreed to by a child, nor by what was agreed to before somebody became their guardian', async () => {
    await mine('PUT', '/v1/me/consents/visit-join', { granted: true, textVersion: 1 });
    const guardian = await residentAt(world, here, '王建国');
    const patch = { isChild: true, guardianId: guardian.id };
    expect((await theirs('PATCH', `/v1/residents/${me.id}`, patch)).status).toBe(200);
    expect(await world.app.platform.privacy.consentOf(world.store.read, me.id, 'visit-join')).toBe(false);
    const again = await mine('PUT', '/v1/me/consents/visit-join', { granted: true, textVersion: 1 });
    expect(again).toMatchObject({ status: 403, body: { code: 'consent-not-for-children' } });
  });
});
