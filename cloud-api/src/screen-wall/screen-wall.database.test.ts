import { instant, newId } from '@gatecast/firmware-protocol';
import type { ScreenStanding } from '@gatecast/firmware-protocol/messages';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeStores } from '../platform/db/test-stores.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { claimedTerminal, neighbourhood, type Neighbourhood, type TestTerminal } from '../test-neighbourhood.ts';

const clip = 'c'.repeat(64);

describeStores('the wall of all screens', (its) => {
  let world: TestApp;
  let here: Neighbourhood;
  let terminal: TestTerminal;
  beforeAll(async () => {
    world = await testApp({ store: its.store });
  });
  beforeEach(async () => {
    here = await neighbourhood(world);
    terminal = await claimedTerminal(world, here);
  });
  afterAll(() => world.close());

  /** As its presence leaves it. */
  const say = (screen: ScreenStanding | null, online = true) =>
    world.store.tx(async (q) => {
      const t = q.t.terminalPresence;
      await q.update(t).set({ online, screen }).where(eq(t.terminalId, terminal.id));
    });
  const standing = (state: ScreenStanding['state']): ScreenStanding => ({
    state,
    clip,
    since: instant(5),
    muted: true,
  });
  const wall = async (query = '', token = here.manager) =>
    (await world.call('GET', `/v1/screen-wall?${query}`, { token })).body;
  const shown = async (show: string) => (await wall(`show=${show}`)).items.length;

  it('tells what plays, by the name that its clip has', async () => {
    await world.store.tx(async (q) => {
      const size = { width: 720, height: 1_280, bytes: 10, durationMs: 5_000 };
      const source = { sourceSha256: clip, sourceBytes: 10, sourceWidth: 720, sourceHeight: 1_280 };
      const rest = { progressPercent: 100, sourceHasAudio: false, sourceConforms: true, createdAt: world.clock.now() };
      const id = newId('clip');
      const posterSha256 = 'e'.repeat(64);
      const made = {
        id,
        title: '早餐店',
        status: 'approved',
        sha256: clip,
        posterSha256,
        ...size,
        ...source,
        ...rest,
      } as const;
      await q.insert(q.t.clips).values(made);
      await q.insert(q.t.clipFiles).values({ clipId: id, cut: 'door', profile: 'B', sha256: clip, ...size });
    });
    await say(standing('playing'));
    expect((await wall()).items).toMatchObject([
      {
        terminalId: terminal.id,
        entranceName: 'East gate',
        online: true,
        screen: { state: 'playing', since: 5 },
        clipTitle: '早餐店',
        clipPosterUrl: expect.stringMatching(/poster\.jpg\?expires=/),
        zone: 'Asia/Shanghai',
        picture: null,
        mutedUntil: null,
      },
    ]);
  });

  it('finds what is dark, offline, muted or playing, each apart from the others', async () => {
    const counts = async () => Promise.all(['all', 'playing', 'dark', 'offline', 'muted'].map(shown));
    await say(standing('playing'));
    expect(await counts()).toEqual([1, 1, 0, 0, 0]);
    await say(standing('dark'));
    expect(await counts()).toEqual([1, 0, 1, 0, 0]);
    await say(standing('absent'));
    expect(await counts()).toEqual([1, 0, 1, 0, 0]);
    await say(standing('playing'), false);
    expect(await counts()).toEqual([1, 0, 0, 1, 0]);
    const body = { minutes: 60 };
    await world.call('PUT', `/v1/terminals/${terminal.id}/mute`, { token: here.manager, body });
    expect(await counts()).toEqual([1, 0, 0, 1, 1]);
    await say(null);
    expect(await counts()).toEqual([1, 0, 0, 0, 1]);
  });

  it('finds a screen by a part of a name, and takes no wildcard for one', async () => {
    const named = async (q: string) => (await wall(`q=${encodeURIComponent(q)}`)).items.length;
    expect(await Promise.all(['east', 'LINDEN', 'west', '%', '_'].map(named))).toEqual([1, 1, 0, 0, 0]);
  });

  it('has the newest picture that is still kept, with when it was taken', async () => {
    const file = { terminalId: terminal.id, kind: 'capture-screenshot', bytes: Buffer.of(1), size: 1 } as const;
    const now = world.clock.now();
    const [old, newest, gone] = [newId('command'), newId('command'), newId('command')];
    await world.store.tx(async (q) => {
      const t = q.t.commandFiles;
      await q.insert(t).values({ ...file, commandId: old, at: instant(now - 9), keptUntil: instant(now + 9) });
      await q.insert(t).values({ ...file, commandId: newest, at: instant(now - 5), keptUntil: instant(now + 9) });
      await q.insert(t).values({ ...file, commandId: gone, at: instant(now - 1), keptUntil: now });
    });
    expect((await wall()).items[0].picture).toEqual({ commandId: newest, at: now - 5 });
  });

  it('shows each manager their own screens, and the operator all', async () => {
    const elsewhere = await neighbourhood(world);
    await claimedTerminal(world, elsewhere);
    expect(
      (await wall('', elsewhere.manager)).items.map((one: { terminalId: string }) => one.terminalId),
    ).not.toContain(terminal.id);
    const ids = (await wall(`communityId=${here.communityId}`, world.operator)).items;
    expect(ids).toHaveLength(1);
  });

  it('comes in pages, so that a thousand screens are read one page at a time', async () => {
    await world.store.tx(async (q) => {
      const t = q.t.terminals;
      const [row] = await q.select().from(t).where(eq(t.id, terminal.id));
      if (!row) throw new Error('the terminal is there');
      const many = Array.from({ length: 1_000 }, (_, n) => ({
        ...row,
        id: newId('terminal'),
        no: row.no + 10_000 + n,
        entranceId: newId('entrance'),
        identityKey: null,
      }));
      await q.insertMany(
        q.t.entrances,
        many.map(({ entranceId }, n) => ({
          id: entranceId,
          communityId: here.communityId,
          name: `Gate ${n}`,
          placement: 'gate' as const,
        })),
      );
      await q.insertMany(t, many);
    });
    const seen = new Set<string>();
    let query = 'limit=100';
    for (let page = 0; page < 11; page += 1) {
      const { items, nextCursor } = await wall(query);
      for (const { terminalId } of items) seen.add(terminalId);
      query = `limit=100&cursor=${encodeURIComponent(nextCursor ?? '')}`;
      if (nextCursor === null) break;
    }
    expect(seen.size).toBe(1_001);
  });
});
