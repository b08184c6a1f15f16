import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MediaClip } from '@gatecast/firmware-protocol/messages';
import { createMediaCache, type MediaCache } from './media-cache.ts';
import type { FetchMedia } from './media-file.ts';
import { clipOf, cloudWith, journalInMemory, silentLog, temporaryDir } from './player.fixture.ts';

let dir: Awaited<ReturnType<typeof temporaryDir>>;
let cache: MediaCache | undefined;
beforeEach(async () => {
  dir = await temporaryDir();
});
afterEach(async () => {
  await cache?.stop();
  await dir.remove();
});

const noodles = clipOf(randomBytes(100_000));
const fruit = clipOf(randomBytes(50_000));
const path = (clip: MediaClip, ext = 'mp4') => join(dir.path, `${clip.sha256}.${ext}`);

function cacheOf(clips: MediaClip[], fetchMedia: FetchMedia) {
  const journal = journalInMemory();
  const manifest = { clips, signedOnly: false };
  cache = createMediaCache({
    log: silentLog,
    journal,
    dir: dir.path,
    fetchMedia,
    manifest: () => manifest,
    before: () => undefined,
    changed: () => undefined,
  });
  cache.start();
  return { cache, manifest, health: () => journal.of('media') };
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
    expect(fetchMedia.mock.calls.map((call) => call[1])).toEqual([60_000]);
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

  it('go when the manifest no longer names them', async () => {
    const { cache, manifest, health } = cacheOf([noodles.clip, fruit.clip], cloudWith([noodles.bytes, fruit.bytes]));
    await expect.poll(() => cache.cached.size).toBe(2);
    manifest.clips = [fruit.clip];
    cache.refresh();
    await expect.poll(() => health().at(-1)).toEqual({ clip: noodles.clip.sha256, state: 'evicted', reason: null });
    expect(await readdir(dir.path)).toEqual([`${fruit.clip.sha256}.mp4`]);
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
