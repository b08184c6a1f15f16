import { days, halfHourMs, instant, newId, seconds } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt, upload, type TestMerchant } from '../test-market.ts';
import { neighbourhood } from '../test-neighbourhood.ts';
import { mp4File } from './mp4.fixture.ts';
import { deleteOldFiles } from './retention.ts';

const within = { timeout: 10_000, interval: 20 };
let lengthMs = 3_000;
let campaigns = 7_000;

describeStores('a merchant who wants a clip no more', (its) => {
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

  const call = (method: string, path: string, token = merchant.token) => world.call(method, path, { token });
  const remove = (id: string, token?: string) => call('DELETE', `/v1/clips/${id}`, token);
  const handIn = async (bytes = mp4File({ durationMs: (lengthMs += 40) })): Promise<string> => {
    const { id } = (await upload(world, merchant.token, bytes, { title: '草莓', category: 'food' })).body;
    await vi.waitFor(async () => expect(await row(id)).toMatchObject({ status: 'in-review' }), within);
    return id;
  };
  const houseClip = async (): Promise<string> => {
    const about = { title: '倒垃圾分类', house: 'all' };
    const { id } = (await upload(world, world.operator, mp4File({ durationMs: (lengthMs += 40) }), about)).body;
    await vi.waitFor(async () => expect(await row(id)).toMatchObject({ status: 'in-review' }), within);
    return id;
  };
  const row = async (id: string) => {
    const { clips } = its.store.read.t;
    const [found] = await its.store.read.select().from(clips).where(eq(clips.id, id));
    if (!found) throw new Error('clips stay');
    return found;
  };
  const change = (id: string, set: object) =>
    its.store.tx(async (q) => void (await q.update(q.t.clips).set(set).where(eq(q.t.clips.id, id))));
  const blobs = () => world.app.content.blobs;
  const isInStore = async (sha256: string) => (await blobs().size(sha256)) !== undefined;
  const sweepAt = (now: number) =>
    deleteOldFiles({ ...world.app.platform, clock: { ...world.clock, now: () => instant(now) } }, blobs());
  const gone = (sha256: string) => vi.waitFor(async () => expect(await isInStore(sha256)).toBe(false), within);
  const approve = (id: string) => change(id, { status: 'approved' });
  const bookedAt = async (clipId: string, at: number, status: 'held' | 'paid' | 'refunded' | 'expired' = 'paid') => {
    const campaignId = newId('campaign');
    const createdAt = world.clock.now();
    const { id: merchantId } = merchant;
    const booking = { campaignId, merchantId, communityId: 'comm', touches: 1, priceFen: 20, holdUntil: createdAt };
    await its.store.tx(async (q) => {
      const no = (campaigns += 1);
      const campaign = { id: campaignId, no, merchantId, name: '草莓季', clipId, createdAt };
      await q.insert(q.t.campaigns).values(campaign);
      const row = { ...booking, id: newId('booking'), at: instant(at), status, paymentId: campaignId, createdAt };
      await q.insert(q.t.bookings).values(row);
    });
  };

  it('has it out of the library, and back its room if no screen can have played it', async () => {
    const id = await handIn();
    const { sha256 } = await row(id);
    expect(await isInStore(sha256 ?? '')).toBe(true);
    world.clock.advance(seconds(1));
    expect(await remove(id)).toMatchObject({ status: 204 });
    await gone(sha256 ?? '');
    expect(await row(id)).toMatchObject({ status: 'withdrawn', title: '草莓', filesDeletedAt: world.clock.now() });
    const listed = async (query = '') =>
      (await call('GET', `/v1/clips${query}`)).body.items.map((clip: { id: string }) => clip.id);
    expect(await listed()).not.toContain(id);
    expect(await listed('?status=withdrawn')).toContain(id);
    expect((await call('GET', `/v1/clips/${id}/reviews`)).body.items[0]).toMatchObject({ step: 'withdrawn' });
  });

  it('may say so twice, and brings it back by nothing', async () => {
    const id = await handIn();
    expect(await remove(id)).toMatchObject({ status: 204 });
    expect(await remove(id)).toMatchObject({ status: 204 });
    expect((await call('POST', `/v1/clips/${id}/review-again`)).body).toMatchObject({ code: 'clip-state' });
    expect((await call('POST', `/v1/clips/${id}/retry`)).body).toMatchObject({ code: 'clip-state' });
    const steps = (await call('GET', `/v1/clips/${id}/reviews`)).body.items;
    expect(steps.filter(({ step }: { step: string }) => step === 'withdrawn')).toHaveLength(1);
  });

  it('has to own it', async () => {
    const id = await handIn();
    expect(await remove(id, other.token)).toMatchObject({ status: 404 });
    expect(await row(id)).toMatchObject({ status: 'in-review' });
  });

  it('is not the operator’s to delete it', async () => {
    const id = await handIn();
    expect(await remove(id, world.operator)).toMatchObject({ status: 409, body: { code: 'clip-not-house' } });
    expect(await row(id)).toMatchObject({ status: 'in-review' });
  });

  it('cannot delete one of the house, which the operator can: one that no screen had gives its files back', async () => {
    const id = await houseClip();
    const { sha256 } = await row(id);
    expect(await remove(id)).toMatchObject({ status: 404 });
    expect(await remove(id, world.operator)).toMatchObject({ status: 204 });
    await gone(sha256 ?? '');
    expect(await row(id)).toMatchObject({ status: 'withdrawn', filesDeletedAt: world.clock.now() });
  });

  it('is like the operator, whose house clip leaves every screen and keeps its files until none can have a play to tell of', async () => {
    const id = await houseClip();
    const ids = async () => (await world.app.content.house(its.store.read)).map((clip) => clip.id);
    expect(await call('POST', `/v1/clips/${id}/approve`, world.operator)).toMatchObject({ status: 200 });
    expect(await ids()).toContain(id);
    const sha256 = (await row(id)).sha256 ?? '';
    expect(await remove(id, world.operator)).toMatchObject({ status: 204 });
    expect(await ids()).not.toContain(id);
    expect(await world.app.content.takenDown(its.store.read)).toContain(sha256);
    const soon = instant(world.clock.now() + days(59));
    await sweepAt(soon);
    expect(await isInStore(sha256)).toBe(true);
    await sweepAt(soon + days(1));
    expect(await isInStore(sha256)).toBe(false);
  });

  it.each(['held', 'paid'] as const)('keeps it while a booking that is %s needs it', async (status) => {
    const id = await handIn();
    await approve(id);
    await bookedAt(id, world.clock.now() - days(9));
    await bookedAt(id, world.clock.now() - halfHourMs + 1, status);
    expect(await remove(id)).toMatchObject({ status: 409, body: { code: 'clip-booked' } });
    expect(await row(id)).toMatchObject({ status: 'approved' });
  });

  it('keeps it for the whole span of a booking', async () => {
    const id = await handIn();
    await approve(id);
    await bookedAt(id, world.clock.now() - days(2));
    const { bookings: b } = its.store.read.t;
    const last = eq(b.at, instant(world.clock.now() - days(2)));
    await its.store.tx(
      async (q) =>
        void (await q
          .update(b)
          .set({ toAt: instant(world.clock.now() + days(1)) })
          .where(last)),
    );
    expect((await remove(id)).body).toMatchObject({ code: 'clip-booked' });
  });

  it('leaves name and files of what may have played, until no screen can have a play to tell of', async () => {
    const id = await handIn();
    const sha256 = (await row(id)).sha256 ?? '';
    await approve(id);
    await bookedAt(id, world.clock.now() - halfHourMs);
    expect(await remove(id)).toMatchObject({ status: 204 });
    const soon = instant(world.clock.now() + days(59));
    await sweepAt(soon);
    expect(await row(id)).toMatchObject({ status: 'withdrawn', filesDeletedAt: null });
    expect(await isInStore(sha256)).toBe(true);
    expect(await world.app.content.takenDown(its.store.read)).toContain(sha256);
    await sweepAt(soon + days(1));
    expect(await isInStore(sha256)).toBe(false);
    expect(await world.app.content.names(its.store.read, [sha256])).toEqual(
      new Map([[sha256, { id, title: '草莓', merchantId: merchant.id }]]),
    );
  });

  it('leaves what was played for three years after its last play', async () => {
    const id = await handIn();
    const sha256 = (await row(id)).sha256 ?? '';
    await approve(id);
    await change(id, { lastPlayedAt: world.clock.now() });
    expect(await remove(id)).toMatchObject({ status: 204 });
    await sweepAt(world.clock.now() + days(3 * 365));
    expect(await isInStore(sha256)).toBe(true);
    await sweepAt(world.clock.now() + days(3 * 366));
    expect(await isInStore(sha256)).toBe(false);
  });

  it('takes nothing from another clip of the same file', async () => {
    const bytes = mp4File({ durationMs: (lengthMs += 40) });
    const [first, second] = [await handIn(bytes), await handIn(bytes)];
    const sha256 = (await row(first)).sha256 ?? '';
    await remove(first);
    await vi.waitFor(async () => {
      const { jobs } = its.store.read.t;
      const [job] = await its.store.read
        .select()
        .from(jobs)
        .where(eq(jobs.id, `clip.give-back:${first}`));
      expect(job?.state).not.toBe('waiting');
    }, within);
    expect(await isInStore(sha256)).toBe(true);
    await remove(second);
    await gone(sha256);
  });

  it('does not make new what was refused: the next upload of it says so to the reviewers', async () => {
    const bytes = mp4File({ durationMs: (lengthMs += 40) });
    const id = await handIn(bytes);
    const why = { reason: 'misleading', note: '' };
    await world.call('POST', `/v1/clips/${id}/reject`, { token: world.operator, body: why });
    expect(await remove(id)).toMatchObject({ status: 204 });
    const again = await handIn(bytes);
    expect((await row(again)).findings?.map(({ code }) => code)).toContain('same-as-refused');
  });
});
