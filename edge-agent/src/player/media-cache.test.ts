import { once } from 'node:events';
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { instant, manualClock, milliseconds, systemClock } from '@gatecast/firmware-protocol';
import { sha256Hex } from '@gatecast/firmware-protocol/node';
import { usualMediaTerms, type MediaClip } from '@gatecast/firmware-protocol/messages';
import type { HttpAnswer } from '../uplink/http-request.ts';
import { createMediaCache, type MediaCache, type MediaCacheParts } from './media-cache.ts';
import type { FetchMedia } from './media-file.ts';
import { diskFloorBytes } from './media-room.ts';
import { clipOf, cloudWith, journalInMemory, manifestOf, silentLog, temporaryDir } from './player.fixture.ts';

let dir: Awaited<ReturnType<typeof temporaryDir>>;
let cache: MediaCache | undefined;
beforeEach(async () => {
  dir = await temporaryDir();
});
afterEach(async () => {
  vi.useRealTimers();
  await cache?.stop();
  await dir.remove();
});

const noodles = clipOf(randomBytes(100_000));
const fruit = clipOf(randomBytes(50_000));
const path = (clip: MediaClip, ext = 'mp4') => join(dir.path, `${clip.sha256}.${ext}`);

function cacheOf(clips: MediaClip[], fetchMedia: FetchMedia, change: Partial<MediaCacheParts> = {}) {
  const journal = journalInMemory();
  const manifest = manifestOf(...clips);
  cache = createMediaCache({
    log: silentLog,
    journal,
    clock: systemClock,
    dir: dir.path,
    fetchMedia,
    manifest: () => manifest,
    before: () => undefined,
    terms: () => ({ terms: { windows: [], bytesPerSecondMax: null }, zone: undefined, spread: 0 }),
    bytesMax: 2 ** 30,
    freeBytes: async () => null,
    changed: () => undefined,
    ...change,
  });
  cache.start();
  return { cache, manifest, health: () => journal.of('media') };
}

/** The first bytes of a file, and then nothing until the asker is gone. */
function dripping(bytes: Buffer, signal: AbortSignal): HttpAnswer {
  async function* body() {
    yield bytes.subarray(0, 10_000);
    await once(signal, 'abort');
    throw new Error('the line is cut');
  }
  const cancel = async () => undefined;
  return { status: 200, headers: { get: () => null }, body: Object.assign(body(), { cancel }) };
}

describe('the clips on a terminal', () => {
  it('are fetched, verified and kept', async () => {
    const { cache, health } = cacheOf([noodles.clip, fruit.clip], cloudWith([noodles.bytes, fruit.bytes]));
    await expect.poll(() => [...cache.cached]).toEqual([noodles.clip.sha256, fruit.clip.sha256]);
    expect(await readFile(path(noodles.clip))).toEqual(noodles.bytes);
    expect(health()).toEqual([
      { clip: noodles.clip.sha256, state: 'cached', reason: null },
      { clip: fruit.clip.sha256, state: 'cached', reason: null },
    ]);
  });

  it('are fetched from where the last try broke off', async () => {
    const fetchMedia = vi.fn<FetchMedia>(cloudWith([noodles.bytes]));
    await writeFile(path(noodles.clip, 'part'), noodles.bytes.subarray(0, 60_000));
    const { cache } = cacheOf([noodles.clip], fetchMedia);
    await expect.poll(() => cache.cached.size).toBe(1);
    expect(fetchMedia.mock.calls.map(([{ fromByte }]) => fromByte)).toEqual([60_000]);
    expect(await readFile(path(noodles.clip))).toEqual(noodles.bytes);
  });

  it('are never played when their bytes are wrong, and are fetched again', async () => {
    let asked = 0;
    const good = cloudWith([noodles.bytes]);
    const { cache, health } = cacheOf([noodles.clip], async (...request) => {
      asked += 1;
      return asked === 1 ? new Response(new Uint8Array(randomBytes(noodles.bytes.length))) : good(...request);
    });
    await expect.poll(() => health()[0]).toEqual({ clip: noodles.clip.sha256, state: 'failed', reason: 'wrong-hash' });
    expect(cache.cached.size).toBe(0);
    await expect.poll(() => cache.cached.size, { timeout: 5_000 }).toBe(1);
  });

  it('are fetched again when the file on the disk has rotted', async () => {
    await writeFile(path(noodles.clip), randomBytes(noodles.bytes.length));
    const { cache } = cacheOf([noodles.clip], cloudWith([noodles.bytes]));
    await expect.poll(() => cache.cached.size).toBe(1);
    expect(await readFile(path(noodles.clip))).toEqual(noodles.bytes);
  });

  it('are not fetched again after a restart', async () => {
    await writeFile(path(noodles.clip), noodles.bytes);
    const fetchMedia = vi.fn<FetchMedia>(cloudWith([]));
    const { cache } = cacheOf([noodles.clip], fetchMedia);
    await expect.poll(() => cache.cached.size).toBe(1);
    expect(fetchMedia).not.toHaveBeenCalled();
  });

  it('play no more when the manifest no longer names them, and come back without a download', async () => {
    const fetchMedia = vi.fn<FetchMedia>(cloudWith([noodles.bytes, fruit.bytes]));
    const { cache, manifest, health } = cacheOf([noodles.clip, fruit.clip], fetchMedia);
    await expect.poll(() => cache.cached.size).toBe(2);
    manifest.clips = [fruit.clip];
    cache.refresh();
    await expect.poll(() => [...cache.cached]).toEqual([fruit.clip.sha256]);
    manifest.clips = [fruit.clip, noodles.clip];
    cache.refresh();
    await expect.poll(() => cache.cached.size).toBe(2);
    expect(fetchMedia).toHaveBeenCalledTimes(2);
    expect(health()).toHaveLength(2);
  });

  it('go when what the manifest names needs their room, the longest unwanted first', async () => {
    const old = clipOf(randomBytes(30_000));
    await writeFile(path(old.clip), old.bytes);
    await utimes(path(old.clip), 1, 1);
    const { cache, manifest, health } = cacheOf([fruit.clip], cloudWith([noodles.bytes, fruit.bytes]), {
      bytesMax: 160_000,
    });
    await expect.poll(() => cache.cached.size).toBe(1);
    manifest.clips = [fruit.clip, noodles.clip];
    cache.refresh();
    await expect.poll(() => cache.cached.size).toBe(2);
    expect(health()).toContainEqual({ clip: old.clip.sha256, state: 'evicted', reason: null });
    expect((await readdir(dir.path)).toSorted()).toEqual(
      [`${fruit.clip.sha256}.mp4`, `${noodles.clip.sha256}.mp4`].toSorted(),
    );
  });

  it('are as many as fit, what is needed first before the rest', async () => {
    const last = clipOf(randomBytes(40_000));
    const files = cloudWith([noodles.bytes, fruit.bytes, last.bytes]);
    const { cache } = cacheOf([fruit.clip, noodles.clip, last.clip], files, { bytesMax: 120_000 });
    await expect.poll(() => [...cache.cached]).toEqual([fruit.clip.sha256, last.clip.sha256]);
  });

  it('leave the disk what others need of it', async () => {
    const { cache, health } = cacheOf([fruit.clip], cloudWith([fruit.bytes]), {
      freeBytes: async () => diskFloorBytes,
    });
    await expect.poll(() => health()).toEqual([{ clip: fruit.clip.sha256, state: 'failed', reason: 'no-room' }]);
    expect(cache.cached.size).toBe(0);
  });

  it('are read again on a schedule; what has rotted plays no more, is reported and fetched anew', async () => {
    const clock = manualClock();
    const files = cloudWith([noodles.bytes, fruit.bytes]);
    const { cache, health } = cacheOf([noodles.clip, fruit.clip], files, { clock, recheckEveryMs: 1_000 });
    await expect.poll(() => cache.cached.size).toBe(2);
    await writeFile(path(noodles.clip), randomBytes(noodles.bytes.length));
    clock.advance(milliseconds(1_000));
    cache.refresh();
    await expect.poll(() => health().length).toBe(4);
    expect(health().slice(2)).toEqual([
      { clip: noodles.clip.sha256, state: 'failed', reason: 'damaged-on-disk' },
      { clip: noodles.clip.sha256, state: 'cached', reason: null },
    ]);
    expect(await readFile(path(noodles.clip))).toEqual(noodles.bytes);
  });

  it('are fetched again when somebody has deleted the file', async () => {
    const { cache, health } = cacheOf([noodles.clip], cloudWith([noodles.bytes]));
    await expect.poll(() => cache.cached.size).toBe(1);
    await rm(path(noodles.clip));
    cache.refresh();
    await expect.poll(() => health().map(({ reason }) => reason)).toEqual([null, 'file-gone', null]);
  });

  it('leave no part behind that no manifest names', async () => {
    await writeFile(path(noodles.clip, 'part'), noodles.bytes.subarray(0, 60_000));
    const { cache } = cacheOf([fruit.clip], cloudWith([fruit.bytes]));
    await expect.poll(() => cache.cached.size).toBe(1);
    expect(await readdir(dir.path)).toEqual([`${fruit.clip.sha256}.mp4`]);
  });

  it('for tomorrow are there on the evening before, and not before the line is quiet', async () => {
    const local = (hour: number, minute = 0, day = 22) => instant(Date.UTC(2026, 10, day, hour - 8, minute));
    const wall = manualClock(local(16));
    const tomorrow = { ...noodles.clip, neededAt: local(7, 30, 23) };
    const greeting = clipOf(randomBytes(1_000));
    const { cache, manifest } = cacheOf(
      [fruit.clip, tomorrow],
      cloudWith([noodles.bytes, fruit.bytes, greeting.bytes]),
      {
        clock: { now: () => wall.now(), mono: () => systemClock.mono() },
        terms: () => ({ terms: usualMediaTerms, zone: 'Asia/Shanghai', spread: 0.9 }),
      },
    );
    await expect.poll(() => [...cache.cached]).toEqual([fruit.clip.sha256]);
    wall.set(local(17));
    manifest.clips = [fruit.clip, tomorrow, greeting.clip];
    cache.refresh();
    // Whoever comes after it in the manifest has come: it was its turn to wait.
    await expect.poll(() => [...cache.cached]).toEqual([fruit.clip.sha256, greeting.clip.sha256]);
    wall.set(local(20));
    cache.refresh();
    await expect.poll(() => cache.cached.has(tomorrow.sha256)).toBe(true);
  });

  it('that a whole fleet is told of wait for this terminal’s moment, save the first', async () => {
    const clock = manualClock();
    const files = [noodles.bytes, fruit.bytes];
    const { cache, manifest } = cacheOf([fruit.clip], (request, signal) => cloudWith(files)(request, signal), {
      clock,
      terms: () => ({ terms: { windows: [], bytesPerSecondMax: null }, zone: undefined, spread: 0.5 }),
    });
    manifest.spreadMs = 600_000;
    await expect.poll(() => [...cache.cached]).toEqual([fruit.clip.sha256]);
    const greeting = clipOf(randomBytes(1_000));
    files.push(greeting.bytes);
    manifest.clips = [fruit.clip, greeting.clip];
    cache.refresh();
    clock.advance(milliseconds(200_000));
    // Goes before the other, but has been named for less long.
    manifest.clips = [fruit.clip, noodles.clip, greeting.clip];
    cache.refresh();
    clock.advance(milliseconds(100_000));
    cache.refresh();
    await expect.poll(() => cache.cached.size).toBe(2);
    expect(cache.cached.has(greeting.clip.sha256)).toBe(true);
    clock.advance(milliseconds(200_000));
    cache.refresh();
    await expect.poll(() => cache.cached.has(noodles.clip.sha256)).toBe(true);
  });

  it('play no more at once when they leave the manifest, also while another is on its way', async () => {
    const { cache, manifest } = cacheOf([fruit.clip, noodles.clip], async (request, signal) =>
      request.sha256 === noodles.clip.sha256
        ? dripping(noodles.bytes, signal)
        : cloudWith([fruit.bytes])(request, signal),
    );
    await expect.poll(async () => (await readdir(dir.path)).includes(`${noodles.clip.sha256}.part`)).toBe(true);
    expect([...cache.cached]).toEqual([fruit.clip.sha256]);
    manifest.clips = [noodles.clip];
    cache.refresh();
    expect([...cache.cached]).toEqual([]);
  });

  it('that are needed now do not wait for the rest of one for tomorrow', async () => {
    const clock = manualClock(instant(Date.UTC(2026, 10, 22, 4)));
    const tomorrow = { ...noodles.clip, neededAt: instant(clock.now() + 86_400_000) };
    const now = { ...fruit.clip, neededAt: clock.now() };
    const files = cloudWith([noodles.bytes, fruit.bytes]);
    const asked: string[] = [];
    let endless = true;
    const { cache, manifest, health } = cacheOf(
      [tomorrow],
      async (request, signal) => {
        asked.push(request.sha256);
        return endless && request.sha256 === tomorrow.sha256 ? dripping(noodles.bytes, signal) : files(request, signal);
      },
      { clock },
    );
    await expect.poll(() => readdir(dir.path)).toEqual([`${tomorrow.sha256}.part`]);
    endless = false;
    manifest.clips = [now, tomorrow];
    cache.refresh();
    await expect.poll(() => [...cache.cached]).toEqual([now.sha256, tomorrow.sha256]);
    expect(asked).toEqual([tomorrow.sha256, now.sha256, tomorrow.sha256]);
    expect(health().map(({ state }) => state)).toEqual(['cached', 'cached']);
  });

  it('whose time comes do not wait for the rest of another', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const clock = manualClock(instant(Date.UTC(2026, 10, 22, 4)));
    const inDays = (days: number) => instant(clock.now() + days * 86_400_000);
    const soon = { ...fruit.clip, neededAt: inDays(1) };
    const { cache } = cacheOf(
      [{ ...noodles.clip, neededAt: inDays(2) }, soon],
      async (request, signal) =>
        request.sha256 === soon.sha256 ? cloudWith([fruit.bytes])(request, signal) : dripping(noodles.bytes, signal),
      { clock },
    );
    await expect.poll(() => readdir(dir.path)).toEqual([`${noodles.clip.sha256}.part`]);
    clock.set(inDays(1));
    vi.advanceTimersToNextTimer();
    await expect.poll(() => cache.cached.has(soon.sha256)).toBe(true);
  });

  it('come with their stills, which are verified, kept, read again and let go as they are', async () => {
    const still = randomBytes(2_000);
    const poster = { sha256: sha256Hex(still), bytes: still.length };
    const asked: string[] = [];
    const files = cloudWith([fruit.bytes, still]);
    const clock = manualClock();
    const { cache, manifest, health } = cacheOf(
      [{ ...fruit.clip, poster }],
      async (request, signal) => {
        asked.push(request.sha256);
        // The first time it comes otherwise than it was named.
        const isFirst = asked.filter((one) => one === poster.sha256).length === 1;
        return isFirst && request.sha256 === poster.sha256
          ? new Response(new Uint8Array(still.length))
          : files(request, signal);
      },
      { clock, recheckEveryMs: 60_000, bytesMax: 60_000 },
    );
    const jpeg = join(dir.path, `${poster.sha256}.jpg`);
    await expect.poll(() => health().map(({ state, reason }) => reason ?? state)).toEqual(['cached', 'wrong-hash']);
    clock.advance(milliseconds(10_000));
    cache.refresh();
    await expect.poll(() => [...cache.cached]).toEqual([fruit.clip.sha256, poster.sha256]);
    expect(asked).toEqual([fruit.clip.sha256, poster.sha256, poster.sha256]);
    expect(await readFile(jpeg)).toEqual(still);

    await writeFile(jpeg, randomBytes(still.length));
    clock.advance(milliseconds(60_000));
    cache.refresh();
    // The clip was read first, and in the next round its still.
    await expect.poll(() => health().length).toBeGreaterThanOrEqual(3);
    cache.refresh();
    await expect.poll(() => health().map(({ reason }) => reason)).toContain('damaged-on-disk');
    await expect.poll(() => cache.cached.has(poster.sha256)).toBe(true);
    expect(await readFile(jpeg)).toEqual(still);

    const next = clipOf(randomBytes(59_000));
    manifest.clips = [next.clip];
    cache.refresh();
    await expect.poll(() => readdir(dir.path)).not.toContain(`${poster.sha256}.jpg`);
    expect(cache.cached.has(poster.sha256)).toBe(false);
  });

  it.each([
    ['bad-status', () => new Response(null, { status: 503 })],
    ['too-short', () => new Response(new Uint8Array(10))],
    ['too-long', () => new Response(new Uint8Array(noodles.bytes.length + 1))],
    ['unreachable', () => Promise.reject(new TypeError('fetch failed'))],
  ])('are reported as failed once: %s', async (reason, answer) => {
    const { health } = cacheOf([noodles.clip], async () => answer());
    await expect.poll(() => health()).toEqual([{ clip: noodles.clip.sha256, state: 'failed', reason }]);
  });
});
