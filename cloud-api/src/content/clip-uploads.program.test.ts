import { spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request, type ClientRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import S3rver from 's3rver';
import { Upload } from 'tus-js-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { operatorLogin, testApp } from '../test-app.ts';
import { tusHands } from '../test-uploads.ts';
import { box, mp4File } from './mp4.fixture.ts';
import type { ClipUpload } from './upload-contract.ts';
import { uploadName } from './upload-name.ts';
import { pieceBytes } from './upload-pieces.ts';

const program = fileURLToPath(new URL('../../bin/gatecast-cloud.js', import.meta.url));
/** A video that waits for a converter, so that it lies there to the byte. */
const file = Buffer.concat([mp4File({ durationMs: 5_000 }), box('free', randomBytes(5 * pieceBytes))]);
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const sha256 = hashOf(file);
const metadata = { title: '当季草莓', filename: 'IMG_2044.MOV' };

/** A program's start is a matter of seconds, and on a busy machine of half a minute. */
const patientMs = 120_000;

describe('an upload to the program', { timeout: patientMs }, () => {
  let folder: string;
  let cloud: ChildProcess;
  let base: string;
  let authorization: string;

  const start = async (port = '0'): Promise<void> => {
    cloud = spawn(process.execPath, [program], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
        FFMPEG_PATH: 'none',
        GATECAST_CLOUD_PORT: port,
        GATECAST_DATA_DIR: folder,
        GATECAST_BROKER_URL: '',
        GATECAST_FIRST_OPERATOR_EMAIL: operatorLogin.email,
        GATECAST_FIRST_OPERATOR_PASSWORD: operatorLogin.password,
        GATECAST_LOG_LEVEL: 'silent',
        GATECAST_CLOCK_FILE: join(folder, 'clock'),
        GATECAST_PARENT_WATCH: '1',
      },
    });
    if (!cloud.stdout) throw new Error('no output');
    const [line] = (await once(cloud.stdout, 'data')) as [Buffer];
    base = `http://127.0.0.1:${(JSON.parse(line.toString()) as { port: number }).port}`;
  };
  const kill = async (): Promise<void> => {
    const gone = once(cloud, 'exit');
    cloud.kill('SIGKILL');
    await gone;
  };
  const get = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${base}${path}`, { headers: { authorization } })).json()) as T;
  const taken = async (url: string): Promise<string> =>
    vi.waitFor(
      async () => {
        const upload = await get<ClipUpload>(new URL(url).pathname);
        expect(upload.state).toBe('taken');
        return upload.clipId ?? '';
      },
      { timeout: 60_000 },
    );
  const becomesFile = async (clipId: string): Promise<void> =>
    expect(hashOf(readFileSync(join(folder, 'media', 'desk', uploadName(clipId))))).toBe(sha256);

  /** The reference client, from nothing or from where the upload at `uploadUrl` stands. */
  const sendAll = (uploadUrl: string | null = null): Promise<{ readonly url: string; readonly first: number }> =>
    new Promise((resolve, reject) => {
      let first: number | undefined;
      const upload = new Upload(file, {
        endpoint: `${base}/v1/clip-uploads`,
        uploadUrl,
        headers: { authorization },
        metadata,
        chunkSize: 3 * 1024 * 1024,
        retryDelays: null,
        onChunkComplete: (size, accepted) => void (first ??= accepted - size),
        onError: reject,
        onSuccess: () => resolve({ url: upload.url ?? '', first: first ?? 0 }),
      });
      upload.start();
    });
  /** Sends so much and then holds the line. */
  const sendPart = (url: string, bytes: number): ClientRequest => {
    const line = request(url, {
      method: 'PATCH',
      headers: {
        authorization,
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
        'content-length': String(file.length),
      },
    });
    // The program is killed under it.
    line.on('error', () => undefined);
    line.write(file.subarray(0, bytes));
    return line;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatecast-uploads-'));
    writeFileSync(join(folder, 'clock'), '0');
    await start();
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${base}/v1/sessions`, { method: 'POST', headers, body: JSON.stringify(operatorLogin) });
    authorization = `Bearer ${((await answer.json()) as { token: string }).token}`;
  }, patientMs);
  afterAll(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const begin = async (): Promise<string> => {
    const pairs = Object.entries(metadata).map(([name, text]) => `${name} ${Buffer.from(text).toString('base64')}`);
    const answer = await fetch(`${base}/v1/clip-uploads`, {
      method: 'POST',
      headers: {
        authorization,
        'tus-resumable': '1.0.0',
        'upload-length': String(file.length),
        'upload-metadata': pairs.join(','),
      },
    });
    expect(answer.status).toBe(201);
    return `${base}${answer.headers.get('location') ?? ''}`;
  };

  it('by the reference client of the protocol becomes a clip, to the byte', async () => {
    const { url } = await sendAll();
    await becomesFile(await taken(url));
  });

  it('goes on after the program was killed in the middle of it, and is the same file to the byte', async () => {
    const url = await begin();
    sendPart(url, 3 * pieceBytes + 1_000);
    await vi.waitFor(async () =>
      expect((await get<ClipUpload>(new URL(url).pathname)).receivedBytes).toBe(3 * pieceBytes),
    );
    await kill();
    await start(new URL(base).port);
    const { first } = await sendAll(url);
    expect(first).toBe(3 * pieceBytes);
    await becomesFile(await taken(url));
  });

  it('goes on where its line broke, while the program still holds the broken one', async () => {
    const url = await begin();
    const broken = sendPart(url, 2 * pieceBytes + 1_000);
    await vi.waitFor(async () =>
      expect((await get<ClipUpload>(new URL(url).pathname)).receivedBytes).toBe(2 * pieceBytes),
    );
    const { first } = await sendAll(url);
    expect(first).toBe(2 * pieceBytes);
    broken.destroy();
    await becomesFile(await taken(url));
  });

  it('is judged after the program was killed with the last byte', async () => {
    const url = await begin();
    await sendAll(url);
    await kill();
    // Past the lease of whoever may have begun to judge it.
    writeFileSync(join(folder, 'clock'), String(3 * 60_000));
    await start(new URL(base).port);
    await becomesFile(await taken(url));
  });
});

it('An upload may go on at another machine, with all bytes in an S3 bucket', { timeout: patientMs }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatecast-machines-'));
  const bucket = { name: 'bucket', configs: [] };
  const s3 = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: folder, configureBuckets: [bucket] });
  const env = {
    FFMPEG_PATH: 'none',
    GATECAST_MASTER_KEY_FILE: join(folder, 'master.key'),
    GATECAST_MEDIA_S3_URL: `http://127.0.0.1:${(await s3.run()).port}/bucket`,
    GATECAST_MEDIA_S3_KEY_ID: 'S3RVER',
    GATECAST_MEDIA_S3_SECRET: 'S3RVER',
  };
  const one = await testApp({ env });
  const other = await testApp({ env, store: one.store });
  try {
    const [here, there] = [tusHands(one, one.operator), tusHands(other, one.operator)];
    const { id } = (await here.begin(file.length, metadata)).body;
    await here.send(id, 0, new Blob([new Uint8Array(file.subarray(0, pieceBytes + 5))]));
    await there.send(id, pieceBytes + 5, new Blob([new Uint8Array(file.subarray(pieceBytes + 5))]));
    await vi.waitFor(async () => expect((await there.look(id, 'GET')).body.state).toBe('taken'), 60_000);
    const { clipId } = (await here.look(id, 'GET')).body;
    // A third machine finds it whole, by the bucket alone.
    const third = await testApp({ env, store: one.store });
    try {
      const path = await third.app.content.blobs.fetch(uploadName(clipId));
      expect(hashOf(readFileSync(path))).toBe(sha256);
    } finally {
      await third.close();
    }
  } finally {
    await other.close();
    await one.close();
    await s3.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
