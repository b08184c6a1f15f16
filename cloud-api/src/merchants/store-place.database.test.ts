import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { neighbourhood, type Neighbourhood } from '../test-neighbourhood.ts';
import { testApp, type TestApp } from '../test-app.ts';

const place = { latMicro: 30_274_100, lonMicro: 120_155_100 };
const password = 'violin kestrel forty';

describeStores('where stores and communities are', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let token: string;
  beforeAll(async () => {
    world = await testApp({ store: its.store, env: { FFMPEG_PATH: 'none' } });
    here = await neighbourhood(world);
    token = await signUp('near@store.test', place);
  });
  afterAll(() => world.close());

  const signUp = async (email: string, location?: object): Promise<string> => {
    const shop = { name: '邻里鲜果', address: '南门', hours: '08:00–20:00', communityId: here.communityId };
    const made = await world.call('POST', '/v1/merchant-sign-ups', {
      body: {
        name: '邻里鲜果',
        owner: { email, password, name: '陶小满' },
        store: { ...shop, ...(location && { location }) },
      },
    });
    expect(made.status).toBeLessThan(300);
    return world.signIn(email, password);
  };
  const stores = async (as = token) => (await world.call('GET', '/v1/stores', { token: as })).body.items;
  const patch = (id: string, body: object, as = token) => world.call('PATCH', `/v1/stores/${id}`, { token: as, body });

  it('keeps what a store says at its sign-up, and nothing where it says nothing', async () => {
    expect(await stores()).toMatchObject([{ location: place }]);
    expect(await stores(await signUp('silent@store.test'))).toMatchObject([{ location: null }]);
  });

  it('is said later, and taken back', async () => {
    const as = await signUp('later@store.test');
    const [{ id }] = await stores(as);
    expect((await patch(id, { location: place }, as)).body).toMatchObject({ id, location: place });
    expect((await patch(id, { address: '北门' }, as)).body).toMatchObject({ address: '北门', location: place });
    expect((await patch(id, { location: null }, as)).body).toMatchObject({ address: '北门', location: null });
  });

  it('is no point beyond the earth, and no half of one', async () => {
    const [{ id }] = await stores();
    for (const location of [{ latMicro: 90_000_001, lonMicro: 0 }, { latMicro: 1 }, { ...place, lonMicro: 0.5 }])
      expect((await patch(id, { location })).body).toMatchObject({ code: 'invalid-request' });
    expect(await stores()).toMatchObject([{ location: place }]);
  });

  it('nobody changes of another store', async () => {
    const [{ id }] = await stores();
    expect((await patch(id, { location: null }, await signUp('other@store.test'))).status).toBe(404);
    expect(await stores()).toMatchObject([{ location: place }]);
  });

  it('a community tells to whoever sells there', async () => {
    const path = `/v1/communities/${here.communityId}`;
    const seen = async () =>
      (await world.call('GET', '/v1/communities', { token })).body.items.find(
        (one: { id: string }) => one.id === here.communityId,
      );
    expect(await seen()).toMatchObject({ location: null });
    const set = (body: object) => world.call('PATCH', path, { token: world.operator, body });
    expect((await set({ location: place })).body).toMatchObject({ location: place });
    expect((await set({ logDays: 60 })).body).toMatchObject({ location: place, logDays: 60 });
    expect(await seen()).toMatchObject({ location: place });
  });
});
