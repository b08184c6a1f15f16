import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Hex } from '@gatecast/firmware-protocol/node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { downloadFile, fileHeaders, type Download } from './file-download.ts';
import type { HttpAnswer } from './http-request.ts';

const file = randomBytes(1_000);
const content = { bytes: file.length, sha256: sha256Hex(file) };

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gatecast-download-'));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(dir, { recursive: true });
});

type Pieces = () => Generator<Uint8Array>;
const answer = (pieces: Pieces, status = 200, range: string | null = null): HttpAnswer => ({
  status,
  headers: { get: (name) => (name === 'content-range' ? range : null) },
  body: {
    async *[Symbol.asyncIterator]() {
      yield* pieces();
    },
    cancel: async () => undefined,
  },
});
const download = (fetchFrom: Download['fetchFrom']) =>
  downloadFile({
    content,
    path: join(dir, 'file'),
    part: join(dir, 'part'),
    fetchFrom,
    stop: new AbortController().signal,
  });

/** A byte at a time, so many seconds apart. */
const dripping = (seconds: number): Pieces =>
  function* drops() {
    for (const byte of file) {
      vi.advanceTimersByTime(seconds * 1_000);
      yield Uint8Array.of(byte);
    }
  };

describe('a download', () => {
  it.each([
    ['falls silent', 31, 'idle'],
    ['never falls silent and never ends', 20, 'too-slow'],
  ])('that %s is given up, and goes on later where it was', async (_how, seconds, code) => {
    await expect(download(async () => answer(dripping(seconds)))).rejects.toMatchObject({ code });
    const { length: had } = await readFile(join(dir, 'part'));
    expect(had).toBeLessThan(3);
    await download(async (from) => {
      expect(from).toBe(had);
      const rest = function* rest() {
        yield file.subarray(from);
      };
      return answer(rest, from > 0 ? 206 : 200, `bytes ${from}-999/1000`);
    });
    expect((await readFile(join(dir, 'file'))).equals(file)).toBe(true);
    expect(await readdir(dir)).toEqual(['file']);
  });

  it.each([
    ['another part than was asked for', 206, 'bytes 1-999/1000', 'bad-range'],
    ['no part of it', 206, null, 'bad-range'],
    ['that there is no such part', 416, null, 'bad-range'],
    ['another place to look', 302, null, 'bad-status'],
  ])('that answers %s leaves nothing behind', async (_what, status, range, code) => {
    const all = function* all() {
      yield file;
    };
    await expect(download(async () => answer(all, status, range))).rejects.toMatchObject({ code });
    expect(await readdir(dir)).toEqual([]);
  });

  it('asks for the rest only of the same file, and never for a compressed one', () => {
    expect(fileHeaders('ab', 0)).toEqual({ 'accept-encoding': 'identity' });
    expect(fileHeaders('ab', 7)).toEqual({ 'accept-encoding': 'identity', range: 'bytes=7-', 'if-range': '"ab"' });
  });
});
