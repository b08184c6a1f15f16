import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { days, instant, minutes } from '@gatecast/firmware-protocol';
import { and, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { operatorLogin, testApp, type TestApp } from '../test-app.ts';
import { merchantAt, shortVideo, upload } from '../test-market.ts';
import { neighbourhood } from '../test-neighbourhood.ts';
import { startCloud } from './cloud-program.fixture.ts';
import { findFfmpeg, type Ffmpeg } from './find-ffmpeg.ts';
import { probeSandbox } from './sandbox.ts';

const found = await findFfmpeg({});
const { holds } = await probeSandbox();
const within = { timeout: 40_000, interval: 25 };

/** The queue of conversions, with the real ffmpeg behind a script that puts obstacles in its way. */
describe.skipIf(found.path === null)('a conversion', { timeout: 120_000 }, () => {
  const ffmpeg = (found as Ffmpeg).path;
  let dir: string;
  const worlds: TestApp[] = [];
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'gatecast-queue-'));
  });
  afterEach(async () => {
    for (const world of worlds.splice(0)) await world.close();
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const at = (name: string) => join(dir, name);
  /** `obstacle` runs before each encoding; the rest is ffmpeg. */
  const behind = (name: string, obstacle: string): string => {
    const text = `#!/bin/sh\ncase "$*" in *libx264*)\n${obstacle}\n;; esac\nexec "${ffmpeg}" "$@"\n`;
    writeFileSync(at(name), text);
    chmodSync(at(name), 0o755);
    return at(name);
  };
  const open = async (env: Readonly<Record<string, string>>, store?: TestApp['store']) => {
    const world = await testApp({ env, ...(store ? { store } : {}) });
    worlds.push(world);
    const { token } = await merchantAt(world, await neighbourhood(world));
    const send = async () => (await upload(world, token, await shortVideo())).body.id as string;
    const look = async (id: string) => (await world.call('GET', `/v1/clips/${id}`, { token })).body;
    const retry = (id: string, by = token) => world.call('POST', `/v1/clips/${id}/retry`, { token: by });
    const becomes = (id: string, state: object) =>
      vi.waitFor(async () => expect(await look(id)).toMatchObject(state), within);
    return { world, token, send, look, retry, becomes };
  };
  const deedsOn = async ({ store }: TestApp, subject: string, action: string) => {
    const { audit } = store.read.t;
    return store.read
      .select()
      .from(audit)
      .where(and(eq(audit.subject, subject), eq(audit.action, action)));
  };
  const deskOf = (data: string) => readdirSync(join(data, 'media', 'desk'), { recursive: true });

  it('that fails says why, keeps its source, and is done when somebody has it tried again', async () => {
    const data = mkdtempSync(at('data-'));
    const obstacle = `if [ -e ${at('broken')} ]; then echo "moov atom not found" >&2; exit 1; fi`;
    writeFileSync(at('broken'), '');
    const here = await open({ FFMPEG_PATH: behind('failing.sh', obstacle), GATECAST_DATA_DIR: data });
    const id = await here.send();
    await here.becomes(id, { status: 'failed', reason: 'transcode-failed' });
    expect(await deedsOn(here.world, id, 'clip.fail')).toMatchObject([
      { actor: 'system', facts: { reason: 'transcode-failed' } },
    ]);
    expect(deskOf(data)).toEqual([`${id}.upload`]);

    rmSync(at('broken'));
    const other = await merchantAt(here.world, await neighbourhood(here.world), '隔壁面馆');
    expect(await here.retry(id, other.token)).toMatchObject({ status: 404 });
    expect(await here.retry(id)).toMatchObject({ status: 200, body: { status: 'queued', reason: null } });
    await here.becomes(id, { status: 'in-review', reason: null });
    expect(await here.retry(id)).toMatchObject({ status: 409, body: { code: 'clip-state' } });
    expect(await deedsOn(here.world, id, 'clip.retry')).toMatchObject([{ facts: { failedWith: 'transcode-failed' } }]);
    await vi.waitFor(() => expect(deskOf(data)).toEqual([]), within);
  });

  it('that is cut off by no fault of the video is tried again by itself, with the reason shown', async () => {
    const obstacle = `if [ ! -e ${at('struck')} ]; then touch ${at('struck')}; kill -9 $$; fi`;
    const here = await open({ FFMPEG_PATH: behind('struck.sh', obstacle) });
    const id = await here.send();
    await here.becomes(id, { status: 'queued', reason: 'transcode-interrupted' });
    here.world.clock.advance(minutes(1));
    await here.becomes(id, { status: 'in-review', reason: null });
  });

  it('and given up in the end, until somebody wants it tried again', async () => {
    const obstacle = `if [ -e ${at('full')} ]; then echo "av_interleaved_write_frame(): No space left on device" >&2; exit 1; fi`;
    writeFileSync(at('full'), '');
    const here = await open({ FFMPEG_PATH: behind('full.sh', obstacle) });
    const id = await here.send();
    await vi.waitFor(async () => {
      here.world.clock.advance(minutes(10));
      expect(await here.look(id)).toMatchObject({ status: 'failed', reason: 'disk-full' });
    }, within);
    rmSync(at('full'));
    await here.retry(id);
    await here.becomes(id, { status: 'in-review' });
  });

  it('tells how far it is, live, and each state once', async () => {
    const here = await open({ FFMPEG_PATH: behind('telling.sh', 'echo out_time_us=600000') });
    const id = await here.send();
    await here.becomes(id, { status: 'in-review' });
    const { events } = here.world.store.read.t;
    const told = await here.world.store.read.select().from(events).where(eq(events.subject, id)).orderBy(events.id);
    const states = told.map(({ facts }) => `${String(facts['status'])} ${String(facts['progressPercent'])}`);
    expect(states.filter((state) => /^(?:queued|in-review)/.test(state))).toEqual(['queued 0', 'in-review 100']);
    const percents = states.flatMap((state) => (/^transcoding (\d+)$/.exec(state) ?? []).slice(1).map(Number));
    expect(percents[0]).toBe(0);
    expect(percents.some((percent) => percent > 25 && percent < 75)).toBe(true);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
  });

  it('stands in a queue that does as many at once as the setting says', async () => {
    const obstacle = `touch ${at('begun-')}$$; while [ ! -e ${at('go')} ]; do sleep 0.02; done`;
    const here = await open({ FFMPEG_PATH: behind('slow.sh', obstacle), GATECAST_TRANSCODE_JOBS: '2' });
    const ids = [await here.send(), await here.send(), await here.send()];
    const begun = () => readdirSync(dir).filter((name) => name.startsWith('begun-')).length;
    await vi.waitFor(() => expect(begun()).toBe(2), within);
    const states = await Promise.all(ids.map(async (id) => (await here.look(id)).status));
    expect(states).toEqual(['transcoding', 'transcoding', 'queued']);
    expect((await here.world.call('GET', '/v1/converter', { token: here.world.operator })).body).toMatchObject({
      found: { from: 'FFMPEG_PATH', isAged: expect.any(Boolean), version: expect.stringMatching(/^ffmpeg version/) },
      holds,
      waiting: 3,
      atOnce: 2,
    });
    writeFileSync(at('go'), '');
    for (const id of ids) await here.becomes(id, { status: 'in-review' });
    expect(begun()).toBe(3);
  });

  it('waits for a start that finds an ffmpeg, and clips of before there were cuts go on with their file', async () => {
    const data = mkdtempSync(at('data-'));
    const keys = { GATECAST_DATA_DIR: data, GATECAST_MASTER_KEY_FILE: join(data, 'master.key') };
    const bare = await open({ ...keys, FFMPEG_PATH: 'none' });
    const id = await bare.send();
    await bare.becomes(id, { status: 'queued', reason: 'no-ffmpeg' });
    const health = async (world: TestApp) => (await world.call('GET', '/v1/converter', { token: world.operator })).body;
    expect(await health(bare.world)).toEqual({ found: null, tried: [], holds: null, waiting: 1, atOnce: 1 });
    const metrics = async (world: TestApp) => (await world.app.fetch(new Request('http://x/metrics'))).text();
    expect(await metrics(bare.world)).not.toMatch(/^gatecast_ffmpeg_info\{/m);
    await bare.world.app.stop();

    const next = await testApp({ env: keys, store: bare.world.store });
    const look = async () => (await next.call('GET', `/v1/clips/${id}`, { token: bare.token })).body;
    await vi.waitFor(async () => expect(await look()).toMatchObject({ status: 'in-review', reason: null }), within);
    expect(await metrics(next)).toMatch(/^gatecast_ffmpeg_info\{from="[^"]+",version="ffmpeg version/m);
    const isTimed = async () => expect(await metrics(next)).toMatch(/^gatecast_transcode_seconds_count 1$/m);
    await vi.waitFor(isTimed, within);
    const { files, sha256, durationMs } = await look();
    await next.store.tx(async (q) => void (await q.delete(q.t.clipFiles).where(eq(q.t.clipFiles.clipId, id))));
    await next.app.stop();

    const last = await testApp({ env: keys, store: bare.world.store });
    const old = (await last.call('GET', `/v1/clips/${id}`, { token: bare.token })).body;
    expect(old.files.map((file: object) => ({ ...file, videoUrl: 0, posterUrl: 0 }))).toEqual(
      files.map((file: object) => ({ ...file, videoUrl: 0, posterUrl: 0 })),
    );
    expect(old.files[0]).toMatchObject({ cut: 'door', profile: 'B', sha256, durationMs });
    await last.app.stop();
  });

  it('goes on by itself where another process has an ffmpeg', async () => {
    const data = mkdtempSync(at('data-'));
    const keys = { GATECAST_DATA_DIR: data, GATECAST_MASTER_KEY_FILE: join(data, 'master.key') };
    const bare = await open({ ...keys, FFMPEG_PATH: 'none' });
    const id = await bare.send();
    await bare.becomes(id, { status: 'queued', reason: 'no-ffmpeg' });
    const other = await testApp({ env: keys, store: bare.world.store });
    worlds.unshift(other);
    const again = await bare.send();
    await bare.becomes(again, { status: 'queued', reason: 'no-ffmpeg' });
    other.clock.advance(minutes(1));
    await bare.becomes(again, { status: 'in-review', reason: null });
  });

  it('that ends the whole program each time is given up too', async () => {
    const here = await open({ FFMPEG_PATH: 'none' });
    const id = await here.send();
    await here.becomes(id, { status: 'queued', reason: 'no-ffmpeg' });
    const row = { kind: 'clip.transcode', payload: { clipId: id }, state: 'waiting', runAt: instant(0) } as const;
    const begun = { ...row, id: 'again', leasedUntil: instant(0), attempts: 10, error: null };
    await here.world.store.tx(async (q) => void (await q.insert(q.t.jobs).values(begun)));
    await here.becomes(id, { status: 'failed', reason: 'transcode-interrupted' });
  });

  it('that failed lets go of its source after a week, and says so when it is tried again', async () => {
    const data = mkdtempSync(at('data-'));
    const here = await open({ FFMPEG_PATH: behind('hopeless.sh', 'exit 1'), GATECAST_DATA_DIR: data });
    const id = await here.send();
    await here.becomes(id, { status: 'failed' });
    here.world.clock.advance(days(6));
    expect(deskOf(data)).toEqual([`${id}.upload`]);
    here.world.clock.advance(days(1));
    await vi.waitFor(() => expect(deskOf(data)).toEqual([]), within);
    const { email, password } = operatorLogin;
    expect(await here.retry(id, await here.world.signIn(email, password))).toMatchObject({ status: 200 });
    const { clips } = here.world.store.read.t;
    await vi.waitFor(async () => {
      const [clip] = await here.world.store.read.select().from(clips).where(eq(clips.id, id));
      expect(clip).toMatchObject({ status: 'failed', reason: 'source-gone' });
    }, within);
  });

  it.skipIf(!holds.endsWithParent)(
    'cut off by a power cut is done once after it, and nothing is left over',
    async () => {
      const data = mkdtempSync(at('data-'));
      // As slow as it plays, so that there is a middle.
      const slow = `if [ ! -e ${at('second')} ]; then echo $$ > ${at('pid')}; exec "${ffmpeg}" -re "$@"; fi`;
      const script = behind('re.sh', slow);
      const clockFile = at('clock');
      writeFileSync(clockFile, '0');
      const env = { GATECAST_DATA_DIR: data, GATECAST_CLOCK_FILE: clockFile, FFMPEG_PATH: script };

      const first = await startCloud(env);
      const video = new Blob([new Uint8Array(await shortVideo())]);
      const { id } = await first.call('POST', '/v1/clips?title=X', video);
      const pid = await vi.waitFor(() => {
        const noted = Number(readFileSync(at('pid'), 'utf8'));
        expect(noted).toBeGreaterThan(0);
        return noted;
      }, within);
      await first.kill();
      await vi.waitFor(() => expect(existsSync(`/proc/${pid}/exe`)).toBe(false), within);
      expect(deskOf(data)).toContain(`${id}.upload`);

      writeFileSync(at('second'), '');
      writeFileSync(clockFile, String(minutes(2)));
      const second = await startCloud(env);
      await vi.waitFor(async () => {
        expect(await second.call('GET', `/v1/clips/${id}`)).toMatchObject({
          status: 'in-review',
          progressPercent: 100,
        });
      }, within);
      const { items } = await second.call('GET', `/v1/clips/${id}/reviews`);
      expect(items.filter(({ step }: { step: string }) => step === 'checked')).toHaveLength(1);
      await vi.waitFor(() => expect(deskOf(data)).toEqual([]), within);
      expect(await second.stop()).toEqual([0, null]);
    },
  );
});
