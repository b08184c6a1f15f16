import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BlobStore } from './blob-store.ts';
import { createFolderStore } from './blob-store-folder.ts';
import { createS3Store } from './blob-store-s3.ts';
import { refusal } from './errors.ts';
import { sendFile } from './send-file.ts';

const bytes = randomBytes(300_000);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const tooLarge = (bytesMax: number) => refusal('video-too-large', 'too large', { bytesMax });
const webStream = (data: Uint8Array) => Readable.toWeb(Readable.from([data])) as never;
const bodyOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

let folder: string;
let s3: S3rver;
let s3Url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatecast-blobs-'));
  const options = { port: 0, address: '127.0.0.1', silent: true, directory: join(folder, 's3') };
  s3 = new S3rver({ ...options, configureBuckets: [{ name: 'bucket', configs: [] }] });
  s3Url = `http://127.0.0.1:${(await s3.run()).port}/bucket`;
});
afterAll(async () => {
  await s3.close();
  rmSync(folder, { recursive: true });
});

/** A store as one more machine sees it: a folder is shared, a bucket's machine has a desk of its own. */
const machines: Record<string, (name: string) => BlobStore> = {
  folder: () => createFolderStore(join(folder, 'shared')),
  'an S3 bucket': (name) =>
    createS3Store(
      { url: s3Url, region: 'us-east-1', keyId: 'S3RVER', secret: 'S3RVER' },
      'media',
      join(folder, `machine-${name}`),
    ),
};

describe.each(Object.keys(machines))('media in %s', (kind) => {
  const on = async (name: string) => {
    const store = machines[kind]?.(name);
    if (!store) throw new Error('unknown store');
    await store.start();
    return store;
  };

  it('is kept by its hash and read in ranges by every machine', async () => {
    const [here, there] = [await on('a'), await on('b')];
    await here.receive('one.upload', webStream(bytes), 400_000, tooLarge);
    expect(await here.keep(here.desk('one.upload'))).toEqual({ sha256, bytes: bytes.length });
    expect(existsSync(here.desk('one.upload'))).toBe(false);
    expect(await there.size(sha256)).toBe(bytes.length);
    const ask = (range?: string) =>
      sendFile(there, sha256, 'video/mp4', new Request('http://x', { headers: range ? { range } : {} }));
    expect((await bodyOf(await ask())).equals(bytes)).toBe(true);
    const part = await ask('bytes=1000-1999');
    expect(part.status).toBe(206);
    expect((await bodyOf(part)).equals(bytes.subarray(1_000, 2_000))).toBe(true);
    await there.remove(sha256);
    expect(await here.size(sha256)).toBeUndefined();
    await expect(ask()).rejects.toMatchObject({ code: 'not-found' });
  });

  it('may be kept twice, and a copy leaves its original', async () => {
    const store = await on('a');
    for (const name of ['two.mp4', 'three.mp4']) {
      writeFileSync(store.desk(name), bytes);
      expect((await store.keepCopy(store.desk(name))).sha256).toBe(sha256);
      expect(existsSync(store.desk(name))).toBe(true);
      await store.discard(name);
    }
    expect(await store.size(sha256)).toBe(bytes.length);
  });

  it('passes unfinished work from one machine to the next', async () => {
    const [here, there] = [await on('a'), await on('b')];
    await here.receive('four.upload', webStream(bytes), 400_000, tooLarge);
    await here.share('four.upload');
    const path = await there.fetch('four.upload');
    expect(await there.keep(path)).toEqual({ sha256, bytes: bytes.length });
    await here.discard('four.upload');
    await there.discard('four.upload');
    await expect(there.fetch('four.upload')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('has small pieces under a folder of the desk, gone with it', async () => {
    const [here, there] = [await on('a'), await on('b')];
    await here.put('upld_1/0-a', bytes.subarray(0, 100));
    await here.put('upld_1/100-b', bytes.subarray(100, 300));
    await here.put('upld_10/0-c', bytes.subarray(0, 1));
    expect(Buffer.from(await there.get('upld_1/100-b')).equals(bytes.subarray(100, 300))).toBe(true);
    expect((await there.onDesk('upld_')).toSorted()).toEqual(['upld_1', 'upld_10']);
    await there.discardAll('upld_1');
    expect(await here.onDesk('upld_')).toEqual(['upld_10']);
    await expect(here.get('upld_1/0-a')).rejects.toMatchObject({ code: 'not-found' });
    expect(await here.get('upld_10/0-c')).toHaveLength(1);
  });

  it('takes no more than it was told to, and keeps nothing of the rest', async () => {
    const store = await on('c');
    await expect(store.receive('five.upload', webStream(bytes), 1_000, tooLarge)).rejects.toMatchObject({
      code: 'video-too-large',
    });
    expect(readdirSync(store.desk('.')).filter((name) => name.startsWith('five'))).toEqual([]);
  });
});

it('A bucket that does not answer, or refuses our key, is a reason to try again later and no bug', async () => {
  const nowhere = (url: string, secret: string) =>
    createS3Store({ url, region: 'us-east-1', keyId: 'S3RVER', secret }, 'media', join(folder, 'nowhere'));
  const port = new URL(s3Url).port;
  for (const store of [nowhere('http://127.0.0.1:1/bucket', 'S3RVER'), nowhere(`http://127.0.0.1:${port}/other`, 'x')])
    await expect(store.put('x/y', bytes.subarray(0, 10))).rejects.toMatchObject({ code: 'storage-unavailable' });
});

it('A store that keeps something else than it was given is found out before anything is told of it', async () => {
  const removed: string[] = [];
  const liar = createServer((request, answer) => {
    request.resume();
    if (request.method === 'DELETE') removed.push(request.url ?? '');
    answer.writeHead(request.method === 'HEAD' ? 404 : 200).end(request.method === 'GET' ? 'something else' : '');
  });
  liar.listen(0, '127.0.0.1');
  await once(liar, 'listening');
  const { port } = liar.address() as AddressInfo;
  const settings = { url: `http://127.0.0.1:${port}/bucket`, region: 'us-east-1', keyId: 'k', secret: 's' };
  const store = createS3Store(settings, 'media', join(folder, 'lied-to'));
  await store.start();
  writeFileSync(store.desk('a.mp4'), bytes);
  await expect(store.keep(store.desk('a.mp4'))).rejects.toMatchObject({ code: 'storage-unavailable' });
  expect(removed).toEqual([`/bucket/media/${sha256.slice(0, 2)}/${sha256}`]);
  expect(existsSync(store.desk('a.mp4'))).toBe(true);
  liar.close();
});
