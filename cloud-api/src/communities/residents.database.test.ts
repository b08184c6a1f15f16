import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';

describeStores('the residents of a community', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
    here = await neighbourhood(world);
  });
  afterAll(() => world.close());

  const call = (method: string, path: string, body?: unknown) =>
    world.call(method, path, { token: here.manager, body });
  const add = async (person: object) =>
    (await call('POST', `/v1/communities/${here.communityId}/residents`, person)).body;
  const names = async (query: Readonly<Record<string, string>>) => {
    const search = new URLSearchParams(query).toString();
    const { body } = await call('GET', `/v1/communities/${here.communityId}/residents?${search}`);
    return body.items.map(({ name }: { name: string }) => name);
  };

  describe('are looked for', () => {
    let anna: string;
    beforeAll(async () => {
      anna = (await add({ name: 'Anna Élan', phone: '13800007021', unit: '1203', building: '12', relation: 'tenant' }))
        .id;
      await add({ name: '王小明', phone: '13800008022', unit: '0801', building: '3' });
      await add({ name: '王芳', phone: '13800008023', unit: '801', building: '3' });
    });

    it.each([
      ['in the other case', 'aNNa', ['Anna Élan']],
      ['as written, accents included', 'Élan', ['Anna Élan']],
      ['by a part of the name', '小明', ['王小明']],
      ['by the unit', '1203', ['Anna Élan']],
      ['by building and unit', '12-1203', ['Anna Élan']],
      ['by the end of the phone', '8022', ['王小明']],
      ['by signs that mean something to a database', '%', ['王小明', '王芳', 'Anna Élan']],
      ['in vain', 'Bo', []],
      ['by the start of the phone, which nobody is told', '1380000', []],
    ])('%s', async (_, search, found) => {
      expect((await names({ search })).sort()).toEqual([...found].sort());
    });

    it('in the order of the buildings and units, as people count', async () => {
      // 0801 and 801 are the same number to a person; which of them is first does not matter.
      expect((await names({})).at(-1)).toBe('Anna Élan');
    });

    it('by building, relation and state', async () => {
      expect((await names({ building: '3' })).sort()).toEqual(['王小明', '王芳'].sort());
      expect(await names({ relation: 'tenant' })).toEqual(['Anna Élan']);
      expect(await names({ state: 'moved-out' })).toEqual([]);
      expect(await names({ search: '王', building: '12' })).toEqual([]);
    });

    it('page by page, each once', async () => {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const path: string = `/v1/communities/${here.communityId}/residents?limit=2${cursor && `&cursor=${cursor}`}`;
        const { body } = await call('GET', path);
        seen.push(...body.items.map(({ id }: { id: string }) => id));
        cursor = body.nextCursor;
      }
      expect(seen).toHaveLength(3);
      expect(new Set(seen).size).toBe(3);
    });

    it('where they live now, not where they lived', async () => {
      const moved = await call('PATCH', `/v1/residents/${anna}`, { building: '1', unit: '0507', name: 'Anna Neumann' });
      expect(moved.body).toMatchObject({ building: '1', unit: '0507', name: 'Anna Neumann' });
      expect(await names({ search: '1203' })).toEqual([]);
      expect(await names({ search: 'neumann' })).toEqual(['Anna Neumann']);
    });
  });

  describe('under somebody’s guardianship', () => {
    it('need somebody who agreed, of age and from here', async () => {
      const child = { name: '小宝', unit: '77', building: '7', isChild: true };
      expect((await add({ ...child, phone: '13800009001' })).code).toBe('guardian-needed');
      const mother = await add({ name: '妈妈', phone: '13800009002', unit: '77', building: '7' });
      const made = await add({ ...child, guardianId: mother.id });
      expect(made).toMatchObject({ isChild: true, guardianId: mother.id, phoneMasked: '' });
      expect((await add({ ...child, name: '二宝', guardianId: made.id })).code).toBe('guardian-needed');
      const { household } = (await call('GET', `/v1/residents/${made.id}`)).body;
      expect(household).toEqual([{ id: mother.id, name: '妈妈', relation: 'owner', state: 'active' }]);
    });

    it('alone may be without a phone', async () => {
      expect((await add({ name: '无名', unit: '78', building: '7' })).code).toBe('invalid-request');
    });
  });

  describe('live in units', () => {
    it('that are made by the dozen, once', async () => {
      const body = { building: '9', numbers: ['901', '902', '901', '1001'] };
      const path = `/v1/communities/${here.communityId}/units`;
      expect((await call('POST', path, body)).body).toEqual({ made: 3, known: 0 });
      expect((await call('POST', path, body)).body).toEqual({ made: 0, known: 3 });
      const { items } = (await call('GET', `${path}?building=9`)).body;
      expect(items.map(({ number }: { number: string }) => number)).toEqual(['901', '902', '1001']);
      expect((await call('PATCH', `/v1/units/${items[0].id}`, { floor: 8 })).body).toMatchObject({ floor: 8 });
      await add({ name: '住户', phone: '13800009101', unit: '901', building: '9' });
      const found = (await call('GET', `${path}?search=901&building=9`)).body.items;
      expect(found).toMatchObject([{ number: '901', floor: 8, residents: 1 }]);
    });

    it('of buildings that are listed as people count them', async () => {
      await call('POST', `/v1/communities/${here.communityId}/units`, { building: '10', numbers: ['1'] });
      const { items } = (await call('GET', `/v1/communities/${here.communityId}/buildings`)).body;
      const order = items.map(({ name }: { name: string }) => name);
      expect(order.indexOf('9')).toBeLessThan(order.indexOf('10'));
      expect(items.find(({ name }: { name: string }) => name === '9')).toEqual({ name: '9', units: 3, residents: 1 });
    });
  });

  it('from before there were places are found like the others', async () => {
    const { id } = await add({ name: '老住户', phone: '13800009201', unit: '1', building: '40' });
    const { residents, units, jobs } = world.store.read.t;
    await world.store.tx(async (q) => {
      await q.update(residents).set({ place: '', searchText: '' }).where(eq(residents.id, id));
      await q.update(units).set({ place: '' }).where(eq(units.building, '40'));
      const every = eq(jobs.id, 'every:communities.index-residents');
      await q.update(jobs).set({ runAt: world.clock.now() }).where(every);
    });
    await vi.waitFor(async () => expect(await names({ search: '老住户' })).toEqual(['老住户']));
  });

  it('have holidays, which the doors are told', async () => {
    const path = `/v1/communities/${here.communityId}/holidays`;
    const dates = ['2027-02-06', '2026-10-01', '2026-10-01'];
    expect((await call('PUT', path, { dates })).body).toEqual({ dates: ['2026-10-01', '2027-02-06'] });
    expect((await call('GET', path)).body).toEqual({ dates: ['2026-10-01', '2027-02-06'] });
    expect((await call('PUT', path, { dates: ['2026-02-30'] })).body.code).toBe('invalid-request');
  });

  it('are named in the log for 30 to 180 days', async () => {
    const path = `/v1/communities/${here.communityId}`;
    expect((await call('PATCH', path, { logDays: 30 })).body.logDays).toBe(30);
    for (const logDays of [29, 181]) expect((await call('PATCH', path, { logDays })).body.code).toBe('invalid-request');
  });
});
