import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { instant, systemClock } from '@gatecast/firmware-protocol';
import type { MediaTerms } from '@gatecast/firmware-protocol/messages';
import { createMediaCache, type MediaCache } from './media-cache.ts';
import { mediaSource } from './media-source.ts';
import { clipOf, journalInMemory, manifestOf, silentLog, temporaryDir } from './player.fixture.ts';

const { bytes: file, clip } = clipOf(randomBytes(3_000_000));
const { sha256 } = clip;
const asFastAsItGoes: MediaTerms = { windows: [], bytesPerSecondMax: null };

const servers: Server[] = [];
const screens: MediaCache[] = [];
let folder: Awaited<ReturnType<typeof temporaryDir>>;
beforeEach(async () => {
  folder = await temporaryDir();
});
afterEach(async () => {
  await Promise.all(screens.splice(0).map((screen) => screen.stop()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await folder.remove();
});

type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;
async function serve(listener: Listener): Promise<string> {
  const server = createServer((request, response) => {
    listener(request, response).catch(() => response.destroy());
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const pieceBytes = 65_536;

/** What the cloud answers at `GET /v1/media/:sha256`, in pieces as its disk gives them, and what that costs it. */
async function cloud(bytes = file) {
  const cost = { requests: 0, bytes: 0 };
  const url = await serve(async ({ headers }, response) => {
    cost.requests += 1;
    const etag = `"${sha256}"`;
    const from = headers['if-range'] === etag ? Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0) : 0;
    const part = from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
    const validators = { etag, 'cache-control': 'public, max-age=86400, immutable' };
    response.writeHead(from > 0 ? 206 : 200, { ...validators, ...part });
    for (let at = from; at < bytes.length; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes);
      cost.bytes += piece.length;
      if (!response.write(piece)) await once(response, 'drain');
    }
    response.end();
  });
  return { url, cost };
}

/**
 * A cache of a site, as small as one can be (RFC 9111 section 3): it keeps whole answers that everybody may keep, and gives parts of what it keeps. It has no
 * token to pass on, and says if it gets one.
 */
async function siteCache(upstream: string, spoil: (bytes: Buffer) => Buffer = (bytes) => bytes) {
  const kept = new Map<string, Promise<{ bytes: Buffer; etag: string }>>();
  const tokens: string[] = [];
  const fill = async (path: string) => {
    const answer = await fetch(`${upstream}${path}`);
    if (!/^public, max-age=\d+/.test(answer.headers.get('cache-control') ?? ''))
      throw new Error('nobody may keep this');
    return { bytes: spoil(Buffer.from(await answer.arrayBuffer())), etag: answer.headers.get('etag') ?? '' };
  };
  const url = await serve(async ({ headers, url: path = '' }, response) => {
    if (headers.authorization) tokens.push(headers.authorization);
    const held = kept.get(path) ?? fill(path);
    kept.set(path, held);
    const { bytes, etag } = await held;
    const from = headers['if-range'] === etag ? Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0) : 0;
    const part = from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
    response.writeHead(from > 0 ? 206 : 200, { etag, ...part }).end(bytes.subarray(from));
  });
  return { url, tokens };
}

/** A screen's own cache, which asks the site's first and the cloud after it. */
function screen(name: string, site: string, cloudUrl: string, terms: MediaTerms = asFastAsItGoes, clips = [clip]) {
  const toCloud = vi.fn(mediaSource(cloudUrl, () => Promise.reject(new Error('the cloud has no other place to ask'))));
  const dir = join(folder.path, name);
  const journal = journalInMemory();
  const cache = createMediaCache({
    log: silentLog,
    journal,
    clock: systemClock,
    dir,
    fetchMedia: mediaSource(site, (request, signal) => toCloud({ ...request, triesBefore: 0 }, signal)),
    manifest: () => manifestOf(...clips),
    before: () => undefined,
    terms: () => ({ terms, zone: undefined, spread: 0 }),
    bytesMax: 2 ** 30,
    freeBytes: async () => null,
    changed: () => undefined,
  });
  screens.push(cache);
  cache.start();
  return { cache, dir, toCloud, rows: () => journal.of('media') };
}

const hasIt = async ({ cache, dir }: ReturnType<typeof screen>) => {
  await expect.poll(() => cache.cached.has(sha256), { timeout: 10_000 }).toBe(true);
  expect((await readFile(join(dir, `${sha256}.mp4`))).equals(file)).toBe(true);
};

describe('screens that share a line', () => {
  it('cost the cloud one download, whichever of them comes first, and show their cache no token', async () => {
    const { url, cost } = await cloud();
    const site = await siteCache(url);
    const first = screen('gate', site.url, url);
    await hasIt(first);
    expect(cost).toEqual({ requests: 1, bytes: file.length });
    const others = ['lift', 'side-door'].map((name) => screen(name, site.url, url));
    for (const other of others) await hasIt(other);
    expect(cost).toEqual({ requests: 1, bytes: file.length });
    expect(site.tokens).toEqual([]);
  });

  it('ask the cloud when their cache is away', async () => {
    const { url } = await cloud();
    await hasIt(screen('gate', 'http://127.0.0.1:9', url));
  });

  it('never play what a cache gives that is wrong, and get it from the cloud', async () => {
    const { url, cost } = await cloud();
    const spoiled = await siteCache(url, (bytes) => Buffer.from(bytes).fill(0, 1_000, 2_000));
    const gate = screen('gate', spoiled.url, url);
    await hasIt(gate);
    expect(gate.toCloud).toHaveBeenCalledTimes(1);
    expect(gate.rows()).toEqual([
      { clip: sha256, state: 'failed', reason: 'wrong-hash' },
      { clip: sha256, state: 'cached', reason: null },
    ]);
    expect(cost.requests).toBe(2);
  });
});

describe('a download that nobody waits for', () => {
  it('holds the sender back: the line is left to others', async () => {
    // More than the sockets of both sides hold.
    const long = Buffer.alloc(48 * 1024 * 1024);
    const later = { ...clip, bytes: long.length, neededAt: instant(systemClock.now() + 86_400_000) };
    const { url, cost } = await cloud(long);
    const { dir } = screen('gate', url, url, { windows: [], bytesPerSecondMax: 16_384 }, [later]);
    const part = join(dir, `${sha256}.part`);
    await expect
      .poll(() =>
        stat(part).then(
          ({ size }) => size,
          () => 0,
        ),
      )
      .toBeGreaterThan(32_768);
    expect(cost.bytes).toBeLessThan(long.length / 2);
  });
});
