import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';

describeStores('looking for a resident', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
    here = await neighbourhood(world);
    const people = [
      { name: 'Anna Élan', phone: '13800000021', unit: '1203' },
      { name: '王小明', phone: '13800000022', unit: '0801' },
    ];
    for (const person of people) {
      const body = { ...person, building: '1' };
      await world.call('POST', `/v1/communities/${here.communityId}/residents`, { token: here.manager, body });
    }
  });
  afterAll(() => world.close());

  const found = async (search: string) => {
    const path = `/v1/communities/${here.communityId}/residents?search=${encodeURIComponent(search)}`;
    const { body } = await world.call('GET', path, { token: here.manager });
    return body.items.map(({ name }: { name: string }) => name);
  };

  it.each([
    ['in the other case', 'aNNa', ['Anna Élan']],
    ['as written, accents included', 'Élan', ['Anna Élan']],
    ['by a part of the name', '小明', ['王小明']],
    ['by the unit', '1203', ['Anna Élan']],
    ['by signs that mean something to a database', '%', ['Anna Élan', '王小明']],
    ['who does not live here', 'Bo', []],
  ])('finds %s', async (_, search, names) => {
    expect((await found(search)).sort()).toEqual(names);
  });
});
