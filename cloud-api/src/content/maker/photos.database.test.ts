import { createHash, randomBytes } from 'node:crypto';
import { after, days, hours, newId } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeStores } from '../../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../../test-app.ts';
import { merchantAt, type TestMerchant } from '../../test-market.ts';
import { neighbourhood } from '../../test-neighbourhood.ts';

const within = { timeout: 10_000, interval: 20 };
let shade = 0;
const photo = () =>
  sharp({ create: { width: 640, height: 640, channels: 3, background: { r: (shade += 10), g: 90, b: 90 } } })
    .jpeg()
    .toBuffer();

describeStores('photos that clips are made of', (its) => {
  let world: TestApp;
  let merchant: TestMerchant;
  let other: TestMerchant;
  beforeAll(async () => {
    world = await testApp({ store: its.store, env: { FFMPEG_PATH: 'none' } });
    const here = await neighbourhood(world);
    merchant = await merchantAt(world, here);
    other = await merchantAt(world, here, '隔壁面馆');
  });
  afterAll(() => world.close());

  /** A session made by hand: the clock goes on for weeks, and sessions end. */
  const session = async ({ id }: TestMerchant): Promise<string> => {
    const token = `gcs_${randomBytes(32).toString('base64url')}`;
    const tokenHash = createHash('sha256').update(token).digest('base64url');
    await its.store.tx(async (q) => {
      const [account] = await q.select().from(q.t.accounts).where(eq(q.t.accounts.scopeId, id));
      const span = { createdAt: world.clock.now(), expiresAt: after(world.clock.now(), days(1)) };
      await q.insert(q.t.sessions).values({ id: newId('session'), tokenHash, accountId: account?.id ?? '', ...span });
    });
    return token;
  };
  const bring = async (): Promise<string> => {
    const headers = { authorization: `Bearer ${await session(merchant)}` };
    const init = { method: 'POST', headers, body: new Uint8Array(await photo()) };
    const answer = await world.app.fetch(new Request('http://gatecast.test/v1/clip-photos', init));
    return ((await answer.json()) as { id: string }).id;
  };
  const three = async () => [await bring(), await bring(), await bring()];
  const make = async (photos: readonly string[], token?: string) =>
    world.call('POST', '/v1/clips/made', {
      token: token ?? (await session(merchant)),
      body: {
        title: '脐橙',
        category: 'food',
        recipe: { template: 'feast', photos, line: '现摘脐橙', priceFen: 1990 },
      },
    });
  const recipeOf = async (id: string, token?: string) =>
    world.call('GET', `/v1/clips/${id}/recipe`, { token: token ?? (await session(merchant)) });
  const isKept = async (id: string) => (await world.app.content.blobs.size(id)) !== undefined;
  const rowsOf = async (id: string) => {
    const t = its.store.read.t.clipPhotos;
    return its.store.read.select().from(t).where(eq(t.sha256, id));
  };
  const sweptAfter = async (id: string) => {
    world.clock.advance(days(7));
    world.clock.advance(hours(6));
    await vi.waitFor(async () => expect(await rowsOf(id)).toEqual([]), within);
  };

  it('are kept for seven days; those that no clip was made of are deleted, the others stay with their clip', async () => {
    const [unused, used] = [await bring(), await three()];
    const { id } = (await make(used)).body;
    expect(await isKept(unused)).toBe(true);
    await sweptAfter(unused);
    await vi.waitFor(async () => expect(await isKept(unused)).toBe(false), within);
    for (const one of used) {
      await vi.waitFor(async () => expect(await rowsOf(one)).toEqual([]), within);
      expect(await isKept(one)).toBe(true);
    }

    const again = (await recipeOf(id)).body;
    expect(again).toMatchObject({ title: '脐橙', category: 'food', recipe: { line: '现摘脐橙', priceFen: 1990 } });
    expect(again.photos.map((one: { id: string }) => one.id)).toEqual(used);
    for (const { url } of again.photos) {
      const shown = await world.app.fetch(new Request(`http://gatecast.test${url}`));
      expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    }
    expect((await make(used)).status).toBe(201);
    expect(await rowsOf(used[0] ?? '')).toMatchObject([{ width: 640, height: 640, createdAt: world.clock.now() }]);
  });

  it('are their owner’s: nobody else reads the recipe or makes a clip of them', async () => {
    const photos = await three();
    const { id } = (await make(photos)).body;
    expect(await recipeOf(id, await session(other))).toMatchObject({ status: 404 });
    expect((await make(photos, await session(other))).body).toMatchObject({ code: 'photo-unknown' });
    expect(await world.app.fetch(new Request(`http://gatecast.test/v1/clip-photos/${photos[0]}`))).toMatchObject({
      status: 400,
    });
  });

  it('that are gone are said to be gone', async () => {
    const photos = await three();
    const { id } = (await make(photos)).body;
    const [first = '', ...rest] = photos;
    await sweptAfter(first);
    await world.app.content.blobs.remove(first);
    expect((await recipeOf(id)).body.photos).toEqual([
      { id: first, url: null },
      ...rest.map((one) => ({ id: one, url: expect.stringContaining(one) })),
    ]);
    expect((await make(photos)).body).toMatchObject({ status: 422, code: 'photo-unknown' });
  });

  it('go with their clip when it is withdrawn, but for those that may still be used', async () => {
    const photos = await three();
    const [first, second] = [(await make(photos)).body.id, (await make(photos)).body.id];
    await sweptAfter(photos[0] ?? '');
    const fresh = await bring();
    const third = (await make([fresh, ...photos.slice(1)])).body.id;
    const withdraw = async (id: string) => world.call('DELETE', `/v1/clips/${id}`, { token: await session(merchant) });
    for (const id of [first, second]) expect((await withdraw(id)).status).toBe(204);
    await vi.waitFor(async () => expect(await isKept(photos[0] ?? '')).toBe(false), within);
    expect(await isKept(photos[1] ?? '')).toBe(true);
    expect((await withdraw(third)).status).toBe(204);
    expect(await isKept(fresh)).toBe(true);
  });
});
