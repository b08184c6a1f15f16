import { days, hours, instant, type InstantMs } from '@gatecast/firmware-protocol';
import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { operatorLogin } from '../test-app.ts';
import { claimedTerminal, signInTerminal, testJournal } from '../test-neighbourhood.ts';
import { checklistOf } from './categories.ts';
import { deleteOldFiles } from './retention.ts';
import { later, newVideo, openDesk, png, type Desk } from './review-desk.fixture.ts';

describeStores('what was approved', (its) => {
  let desk: Desk;
  beforeAll(async () => void (desk = await openDesk(its)));
  afterAll(() => desk.world.close());

  const playRow = (sha256: string, halfHour: InstantMs, entrance: string) => ({
    kind: 'play',
    body: {
      decision: 'dec_00000000000000000000',
      campaign: null,
      clip: sha256,
      entrance,
      placement: 'gate',
      halfHour,
      startedAt: halfHour,
    },
  });

  it('expires by itself on its day, and its files stay until three years after the last play; its name and history for ever', async () => {
    const { world } = desk;
    const id = await desk.handIn();
    await desk.operate(`/v1/clips/${id}/approve`, { ticked: checklistOf('food'), until: later(world, days(10)) });
    const terminal = await claimedTerminal(world, desk.here);
    const { sha256 } = await desk.clip(id);
    const played = (world.clock.now() - (world.clock.now() % 1_800_000)) as InstantMs;
    const batch = testJournal(world, terminal, 'play');
    const send = async (at: InstantMs) => {
      const { token } = (await signInTerminal(world, terminal.id, terminal.epoch, terminal.identity)).body;
      const body = batch(playRow(sha256, at, desk.here.entranceId));
      return world.call('POST', `/v1/terminals/${terminal.id}/journal`, { token, body });
    };
    expect((await send(played)).status).toBe(200);
    // A late row moves nothing back.
    await send(instant(played - hours(5)));
    expect(await desk.clip(id)).toMatchObject({ lastPlayedAt: played, status: 'approved' });

    await desk.pass(days(10));
    await vi.waitFor(
      async () => expect(await desk.clip(id)).toMatchObject({ status: 'expired', reason: 'over' }),
      10_000,
    );
    expect((await desk.steps(id))[0]).toMatchObject({ step: 'expired', by: null });

    const { app } = world;
    const { content } = app;
    const sweep = () => deleteOldFiles(app.platform, content.blobs);
    await desk.pass(days(3 * 365 - 20));
    await sweep();
    expect(await desk.clip(id)).toMatchObject({ filesDeletedAt: null });
    expect(await content.blobs.size(sha256)).toBeGreaterThan(0);
    await desk.pass(days(30));
    await sweep();
    expect(await desk.clip(id)).toMatchObject({
      title: '当季草莓',
      filesDeletedAt: world.clock.now(),
      videoUrl: null,
      files: [],
    });
    // By this sweep, or by the program's own that the clock has woken.
    await vi.waitFor(async () => expect(await content.blobs.size(sha256)).toBeUndefined(), 10_000);
    expect((await desk.steps(id)).length).toBeGreaterThanOrEqual(4);
    const again = await desk.operate(`/v1/clips/${id}/review-again`);
    expect(again.body.code).toBe('clip-state');
    const names = await content.names(world.store.read, [sha256]);
    expect(names.get(sha256)?.title).toBe('当季草莓');
  });
});

describeStores('a file of two clips', (its) => {
  let desk: Desk;
  beforeAll(async () => void (desk = await openDesk(its)));
  afterAll(() => desk.world.close());

  it('stays as long as one of them needs it', async () => {
    const { world } = desk;
    const { content } = world.app;
    // Clips of today: of an old one that is rejected, the program's own sweep may delete the files before any time passes.
    const video = newVideo();
    const gone = await desk.handIn(undefined, undefined, video);
    const kept = await desk.handIn(undefined, undefined, video);
    await desk.operate(`/v1/clips/${gone}/reject`, { reason: 'other', note: '' });
    await desk.operate(`/v1/clips/${kept}/approve`, { ticked: checklistOf('food') });
    // Approved anew year after year.
    const t = world.store.read.t.clips;
    const approvedUntil = later(world, days(4_000));
    await world.store.tx((q) => q.update(t).set({ approvedUntil }).where(eq(t.id, kept)));
    const { sha256 } = await desk.clip(kept);
    await desk.pass(days(3 * 366));
    await deleteOldFiles(world.app.platform, content.blobs);
    expect(await desk.clip(gone)).toMatchObject({ filesDeletedAt: world.clock.now() });
    expect(await content.blobs.size(sha256)).toBeGreaterThan(0);
  });
});

describeStores('the scan of a permit', (its) => {
  let desk: Desk;
  beforeAll(async () => void (desk = await openDesk(its)));
  afterAll(() => desk.world.close());

  it('is kept until three years after the last play of what it carried; number and decision stay', async () => {
    const { world } = desk;
    const { app } = world;
    const { body: permit } = await desk.permit('health-food', later(world, days(30)));
    await desk.operate(`/v1/permits/${permit.id}/accept`);
    const id = await desk.handIn({ title: '蜂蜜', category: 'health-food' });
    await desk.operate(`/v1/clips/${id}/approve`, { ticked: checklistOf('health-food') });
    // A screen that had been away plays it for another month, and tells so when it is back.
    const { clips } = world.store.read.t;
    const lastPlayedAt = later(world, days(60));
    await world.store.tx(async (q) => void (await q.update(clips).set({ lastPlayedAt }).where(eq(clips.id, id))));
    const scans = async () => {
      const token = await world.signIn(operatorLogin.email, operatorLogin.password);
      return (await world.call('GET', '/v1/permits', { token })).body.items;
    };

    await desk.pass(days(3 * 365 + 45));
    await vi.waitFor(async () => expect(await desk.clip(id)).toMatchObject({ status: 'expired' }), 10_000);
    await deleteOldFiles(app.platform, app.content.blobs);
    expect(await scans()).toMatchObject([{ fileUrl: expect.stringContaining('/scan') }]);

    await desk.pass(days(20));
    await deleteOldFiles(app.platform, app.content.blobs);
    expect(await scans()).toMatchObject([{ number: 'SP-2026-1', status: 'accepted', fileUrl: null }]);
    const hash = createHash('sha256').update(png).digest('hex');
    await vi.waitFor(async () => expect(await app.content.blobs.size(hash)).toBeUndefined(), 10_000);
  });
});
