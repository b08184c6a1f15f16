import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clipOf, temporaryDir } from './player.fixture.ts';

const program = fileURLToPath(new URL('./media-kill.fixture.ts', import.meta.url));
const { clip, bytes } = clipOf(randomBytes(2_000_000));
const name = (extension: string) => `${clip.sha256}.${extension}`;

let dir: Awaited<ReturnType<typeof temporaryDir>>;
let server: Server;
let url: string;
/** First byte of each request. */
let asked: number[];

beforeEach(async () => {
  dir = await temporaryDir();
  asked = [];
  server = createServer((request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? 'bytes=0-')?.[1]);
    asked.push(from);
    const isSame = from === 0 || request.headers['if-range'] === `"${clip.sha256}"`;
    const range = isSame && from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
    response.writeHead(from > 0 && isSame ? 206 : 200, { etag: `"${clip.sha256}"`, ...range });
    response.end(bytes.subarray(isSame ? from : 0));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await dir.remove();
});

/** Runs until it is killed, or until it has the clip. */
async function run(killAt?: string): Promise<'killed' | 'cached'> {
  const child = spawn(process.execPath, [program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      KILL_AT: killAt ?? '',
      MEDIA_DIR: dir.path,
      MEDIA_URL: url,
      CLIP: JSON.stringify(clip),
      CLIP_BYTES: String(bytes.length),
    },
  });
  const ended = once(child, 'exit').then(([, signal]) => {
    expect(signal).toBe('SIGKILL');
    return 'killed' as const;
  });
  const told = once(createInterface(child.stdout), 'line').then(() => 'cached' as const);
  const outcome = await Promise.race([ended, told]);
  if (outcome === 'cached') {
    child.kill('SIGKILL');
    await ended;
  }
  return outcome;
}

const moments = [
  ['opened', 'part'],
  ['in the middle', 'part'],
  ['before it is on the disk', 'part'],
  ['while it is verified', 'part'],
  ['before it gets its name', 'part'],
  ['after it got its name', 'mp4'],
  ['while it is read again', 'mp4'],
] as const;

it('a download that is killed at every stage goes on where it was, and no half file is ever played', async () => {
  for (const [moment, left] of moments) {
    const had = await stat(join(dir.path, name('part'))).then(
      ({ size }) => size,
      () => 0,
    );
    const before = asked.length;
    expect([moment, await run(moment)]).toEqual([moment, 'killed']);
    expect([moment, await readdir(dir.path)]).toEqual([moment, [name(left)]]);
    // Only what was missing was asked for, and nothing once all was there.
    const isWhole = left === 'mp4' || had === bytes.length;
    expect([moment, asked.slice(before)]).toEqual([moment, isWhole ? [] : [had]]);
  }
  expect(await run()).toBe('cached');
  expect(await readdir(dir.path)).toEqual([name('mp4')]);
  expect((await readFile(join(dir.path, name('mp4')))).equals(bytes)).toBe(true);
  expect(asked).toHaveLength(3);
}, 60_000);
