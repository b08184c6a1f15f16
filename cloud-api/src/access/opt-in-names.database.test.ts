import { hours } from '@gatecast/firmware-protocol';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { residentAt, type TestResident } from '../test-market.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood, type TestTerminal } from '../test-neighbourhood.ts';
import { countNamed } from './opt-in-names.ts';
import { publishedList } from './published-list.fixture.ts';

describeStores('being known by a screen', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let terminal: TestTerminal;
  let me: TestResident;

  beforeAll(async () => {
    world = await testApp({ store: its.store });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    terminal = await claimedTerminal(world, here);
    me = await residentAt(world, here, '王小明');
    await manage('PUT', `/v1/residents/${me.id}/pin`, { pin: '274916' });
  });
  afterAll(() => world.close());

  const manage = (method: string, path: string, body?: unknown) =>
    world.call(method, path, { token: here.manager, body });
  const say = (granted: boolean) =>
    world.call('PUT', '/v1/me/consents/screen-pseudonym', { token: me.token, body: { granted, textVersion: 2 } });
  const credentials = async () => (await publishedList(world, terminal)).credentials;
  const kept = async () => {
    const t = world.store.read.t.adPseudonyms;
    return world.store.read.select().from(t).where(eq(t.residentId, me.id));
  };
  const pseudonyms = async () => (await credentials()).map(({ pseudonym }) => pseudonym);

  it('is off until somebody says so, then one name at random for all that they open with, and void at once when they take it back', async () => {
    expect(await pseudonyms()).toEqual([undefined]);
    // Whoever has not opted in is in the list as before, to the byte.
    expect(JSON.stringify(await credentials())).not.toContain('pseudonym');

    await say(true);
    const [first] = await pseudonyms();
    expect(first).toMatch(/^[A-Za-z0-9_-]{22}$/);
    await manage('PUT', `/v1/residents/${me.id}/duress-pin`, { pin: '905213' });
    expect(new Set(await pseudonyms())).toEqual(new Set([first]));

    await say(false);
    expect(new Set(await pseudonyms())).toEqual(new Set([undefined]));
    await say(true);
    const [second] = await pseudonyms();
    expect(second).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(second).not.toBe(first);
  });

  it('is nobody’s who agreed to something else', async () => {
    const body = { granted: true, textVersion: 1 };
    await world.call('PUT', '/v1/me/consents/visit-join', { token: me.token, body });
    expect(await pseudonyms()).toEqual([undefined]);
  });

  it('is no child’s: it ends when somebody becomes one’s guardian', async () => {
    await say(true);
    const guardian = await residentAt(world, here, '王建国');
    await manage('PATCH', `/v1/residents/${me.id}`, { isChild: true, guardianId: guardian.id });
    expect(await pseudonyms()).toEqual([undefined]);
    expect((await say(true)).body.code).toBe('consent-not-for-children');
    expect(await kept()).toEqual([]);
  });

  it('is in one’s own file, and gone with who is erased or moves out', async () => {
    await say(true);
    const [name] = await pseudonyms();
    const file = JSON.stringify((await world.call('GET', '/v1/me/export', { token: me.token })).body);
    expect(file).toContain(name);
    expect(file).toContain('screen-pseudonym');
    await manage('POST', `/v1/residents/${me.id}/move-out`);
    expect(await kept()).toEqual([]);

    me = await residentAt(world, here, '赵敏');
    await say(true);
    await world.call('DELETE', '/v1/me', { token: me.token });
    expect(await kept()).toEqual([]);
  });

  it('ends by itself for who agreed to a narrower wording, until they agree to this one', async () => {
    await say(true);
    const t = world.store.read.t;
    await world.store.tx((q) => q.update(t.consents).set({ textVersion: 1 }).where(eq(t.consents.residentId, me.id)));
    const agreed = async () => {
      const { items } = (await world.call('GET', '/v1/me/consents', { token: me.token })).body;
      return items.find(({ purpose }: { purpose: string }) => purpose === 'screen-pseudonym').granted;
    };
    expect(await agreed()).toBe(false);
    world.clock.advance(hours(2));
    await vi.waitFor(async () => expect(await kept()).toEqual([]), { timeout: 10_000 });
    await say(true);
    expect(await agreed()).toBe(true);
    expect(await kept()).toHaveLength(1);
  });

  describe('by the group that they named', () => {
    const mine = (path: string, body: unknown) => world.call('PUT', `/v1/me/${path}`, { token: me.token, body });
    const agree = (granted: boolean) => mine('consents/personal-offers', { granted, textVersion: 2 });
    const groups = async () => (await credentials()).map(({ group }) => group);
    const exactIn = async () => [...(await world.app.platform.privacy.groupsOfTen(world.store.read, here.communityId))];

    it('stands beside their name once they agreed to both, and goes with either', async () => {
      await agree(true);
      await mine('segment', { segment: 'families' });
      expect(await groups()).toEqual([undefined]);
      await say(true);
      expect(await groups()).toEqual(['families']);
      await mine('segment', { segment: 'elderly' });
      expect(await groups()).toEqual(['elderly']);
      await mine('segment', { segment: null });
      expect(await groups()).toEqual([undefined]);
      expect((await pseudonyms())[0]).toBeDefined();
      await mine('segment', { segment: 'families' });
      await agree(false);
      expect(await groups()).toEqual([undefined]);
      await agree(true);
      await mine('segment', { segment: 'families' });
      expect(await groups()).toEqual(['families']);
      await say(false);
      expect(JSON.stringify(await credentials())).not.toMatch(/group|families/);
    });

    it('is not told to screens of who agreed to the wording before this was in it, until they agree to this one', async () => {
      await say(true);
      await agree(true);
      const t = world.store.read.t;
      await world.store.tx((q) =>
        q
          .update(t.consents)
          .set({ textVersion: 1 })
          .where(and(eq(t.consents.residentId, me.id), eq(t.consents.purpose, 'personal-offers'))),
      );
      await mine('segment', { segment: 'families' });
      expect(await groups()).toEqual([undefined]);
      await agree(true);
      expect(await groups()).toEqual(['families']);
    });

    it('counts where ten or more named the same alone', async () => {
      const join = async (one: TestResident, segment: string) => {
        const put = (path: string, body: unknown) => world.call('PUT', `/v1/me/${path}`, { token: one.token, body });
        await put('consents/screen-pseudonym', { granted: true, textVersion: 2 });
        await put('consents/personal-offers', { granted: true, textVersion: 2 });
        await put('segment', { segment });
      };
      for (let n = 0; n < 9; n += 1) await join(await residentAt(world, here, `住户${n}`), 'families');
      await join(await residentAt(world, here, '爷爷'), 'elderly');
      expect(await exactIn()).toEqual([]);
      await join(me, 'families');
      expect(await exactIn()).toEqual(['families']);
      await say(false);
      expect(await exactIn()).toEqual([]);
    }, 60_000);
  });

  it('counts towards a pool that is told from ten people on', async () => {
    await say(true);
    expect(await countNamed(world.store.read, [here.communityId, 'elsewhere'])).toEqual(
      new Map([[here.communityId, 1]]),
    );
  });

  it('is told to no seller and stands in no list of plays', async () => {
    await say(true);
    const [name = ''] = await pseudonyms();
    for (const path of ['/v1/plays', '/v1/exposures', '/v1/residents/' + me.id])
      expect(JSON.stringify((await world.call('GET', path, { token: world.operator })).body)).not.toContain(name);
  });
});
