import { after, days, halfHourOf, instant, newId, type InstantMs } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { keptWholeSince } from '../platform/whole-months.ts';

it('what is kept for so many months is there on the same day so many months later, whatever the month', () => {
  const moment = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2040, 0, 1) });
  fc.assert(
    fc.property(moment, fc.integer({ min: 13, max: 120 }), (now, months) => {
      const since = new Date(keptWholeSince(instant(now), months));
      const monthsBack = (new Date(now).getUTCFullYear() - since.getUTCFullYear()) * 12;
      expect(monthsBack + new Date(now).getUTCMonth() - since.getUTCMonth()).toBe(months);
      expect([since.getUTCDate(), since.getUTCHours(), since.getUTCMinutes()]).toEqual([1, 0, 0]);
    }),
  );
});

describeStores('plays and touches', (its) => {
  let world: TestApp;
  let began: InstantMs;
  const file = 'a'.repeat(64);
  const clipId = newId('clip');
  const old = 2_300;

  beforeAll(async () => {
    world = await testApp({ store: its.store, env: { FFMPEG_PATH: 'none' } });
    began = halfHourOf(world.clock.now());
    await its.store.tx(async (q) => {
      await q.insert(q.t.clips).values({
        id: clipId,
        merchantId: 'mrch_1',
        title: '当季草莓',
        createdAt: began,
        status: 'expired' as const,
        progressPercent: 100,
        sourceSha256: file,
        sourceBytes: 9,
        sourceWidth: 720,
        sourceHeight: 1280,
        sourceHasAudio: false,
        sourceConforms: true,
        durationMs: 8e3,
        sha256: file,
      });
      const picture = { bytes: 9, durationMs: 8_000, width: 720, height: 1_280 };
      await q.insert(q.t.clipFiles).values({ clipId, cut: 'door', profile: 'B', sha256: file, ...picture });
      const rows = Array.from({ length: old }, (_, i) => at(`old-${i}`, after(began, days(i % 20))));
      const young = [at('young', after(began, days(200)))];
      await q.insertMany(
        q.t.plays,
        [...rows, ...young].map(({ play }) => play),
      );
      await q.insertMany(
        q.t.touches,
        [...rows, ...young].map(({ touch }) => touch),
      );
      const counts = { rendered: 1, viewable: 1, completed: 1, verifiedMilliTouches: 1_000, panelOn: 0, ambient: 0 };
      const sums = { shownMs: 6_000, framesPresented: 150, framesDropped: 0, filtered: {}, missing: 0 };
      const key = { campaignId: 'camp_1', communityId: 'comm_1', at: began, version: 1, madeAt: began };
      await q.insert(q.t.exposureReports).values({ ...key, ...counts, ...sums });
    });
  });
  afterAll(() => world.close());

  const at = (id: string, startedAt: InstantMs) => {
    const place = { terminalId: 'term_1', communityId: 'comm_1', entranceId: 'entr_1', placement: 'gate' as const };
    const seen = { rendered: true, viewable: true, completed: true, shownMs: 6_000, framesPresented: 150 };
    const end = { framesDropped: 0, muted: true, endReason: 'finished' as const, panel: 'unproven' as const };
    const what = { campaignId: 'camp_1', clip: file, touch: `tch-${id}`, billable: true, milliTouches: 1_000 };
    return {
      play: { id, ...place, ...seen, ...end, ...what, halfHour: halfHourOf(startedAt), startedAt },
      touch: {
        id: `tch-${id}`,
        ...place,
        event: 'opening' as const,
        unbillable: null,
        startedAt,
        windowMs: 8e3,
        endedBy: 'door-closed' as const,
      },
    };
  };
  const left = async () => {
    const { plays, touches } = its.store.read.t;
    const ids = async (t: typeof plays | typeof touches) => (await its.store.read.select().from(t)).map(({ id }) => id);
    return { plays: await ids(plays), touches: await ids(touches) };
  };

  it('go when they are older than the setting says, in batches, and with them nothing that was told of them', async () => {
    // Not after a year: the month that compares with the first is still there.
    world.clock.advance(days(390));
    await vi.waitFor(async () => {
      const jobs = await its.store.read.select().from(its.store.read.t.jobs);
      const next = jobs.find(({ kind }) => kind === 'plays.retention')?.runAt ?? 0;
      expect(next).toBeGreaterThan(world.clock.now());
    }, 10_000);
    expect((await left()).plays).toHaveLength(old + 1);

    world.clock.advance(days(60));
    await vi.waitFor(async () => expect(await left()).toEqual({ plays: ['young'], touches: ['tch-young'] }), 30_000);
    const { clips, clipNames, exposureReports } = its.store.read.t;
    expect(await its.store.read.select().from(exposureReports)).toHaveLength(1);
    expect(await its.store.read.select().from(clipNames)).toMatchObject([{ clip: file, title: '当季草莓' }]);
    // The plays were all that knew it: three years begin with the last of them.
    const [clip] = await its.store.read.select().from(clips);
    expect(clip?.lastPlayedAt).toBe(halfHourOf(after(began, days(19))));
  });
});
