import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFfmpeg, missingFeature, type Ffmpeg } from './find-ffmpeg.ts';
import { bytesSource } from './mp4.fixture.ts';
import { readMp4 } from './mp4.ts';
import { conforms } from './rules.ts';
import { progressPercent } from './transcode-arguments.ts';
import { transcode } from './transcode.ts';

const found = await findFfmpeg({});

describe('finding a converter', () => {
  it('says what was tried and why not, and goes on to the next', async () => {
    const missing = await findFfmpeg({ FFMPEG_PATH: join(tmpdir(), 'no-such-ffmpeg') });
    if (missing.path === null) expect(missing.tried[0]).toMatchObject({ fault: expect.stringContaining('ENOENT') });
    else expect(missing.from).not.toBe('FFMPEG_PATH');
  });

  it('refuses one that cannot make our clips', () => {
    const encoders = ' V..... libx264              libx264 H.264\n A..... aac                  AAC\n';
    expect(missingFeature(encoders, ' ... loudnorm          A->A       EBU R128\n')).toBeUndefined();
    expect(missingFeature(encoders.replace('libx264 ', 'libx265 '), ' ... loudnorm A->A x')).toBe('lacks libx264');
    expect(missingFeature(encoders, ' ... loud A->A x')).toBe('lacks loudnorm');
  });
});

describe('progress', () => {
  it('is told by lines of microseconds and never reaches 100 before the end', () => {
    expect(progressPercent('out_time_us=4000000', 8_000)).toBe(50);
    expect(progressPercent('out_time_ms=9000000', 8_000)).toBe(99);
    expect(progressPercent('out_time_us=-77', 8_000)).toBeUndefined();
    expect(progressPercent('fps=25', 8_000)).toBeUndefined();
  });
});

describe.skipIf(found.path === null)('a transcode', () => {
  const ffmpeg = (found as Ffmpeg).path;
  let dir: string;
  const source = (name: string) => join(dir, name);

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'gatecast-transcode-'));
    const make = (size: string, out: string) =>
      execFileSync(
        ffmpeg,
        [
          ['-v', 'error', '-f', 'lavfi', '-i', `testsrc=size=${size}:rate=30:duration=2`],
          ['-f', 'lavfi', '-i', 'sine=duration=2', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
          ['-metadata', 'title=secret', '-y', out],
        ].flat(),
      );
    make('640x360', source('wide.mp4'));
    make('540x960', source('tall.mp4'));
  }, 60_000);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const run = async (
    name: string,
    width: number,
    height: number,
    out: string,
    signal = new AbortController().signal,
  ) => {
    const progress: number[] = [];
    await transcode(
      {
        ffmpeg,
        input: source(name),
        width,
        height,
        hasAudio: true,
        durationMs: 2_000,
        clip: source(out),
        poster: source(`${out}.jpg`),
        onProgress: (percent) => progress.push(percent),
      },
      signal,
    );
    return { bytes: readFileSync(source(out)), poster: readFileSync(source(`${out}.jpg`)), progress };
  };

  it.each([
    ['wide.mp4', 640, 360],
    ['tall.mp4', 540, 960],
  ] as const)(
    'makes %s a clip that the screens play, with a poster',
    { timeout: 60_000 },
    async (name, width, height) => {
      const { bytes, poster, progress } = await run(name, width, height, `out-${name}`);
      const facts = await readMp4(bytesSource(bytes));
      expect(facts).toMatchObject({ audioCodec: 'mp4a', video: { codec: 'avc1', width: 720, height: 1280 } });
      expect(conforms(facts)).toBe(true);
      expect(bytes.includes('secret')).toBe(false);
      expect(poster.subarray(0, 3).toString('hex')).toBe('ffd8ff');
      expect(progress.every((p) => p >= 0 && p < 100)).toBe(true);
    },
  );

  it('gives the same bytes for the same file', { timeout: 60_000 }, async () => {
    const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    const [one, two] = [await run('tall.mp4', 540, 960, 'one.mp4'), await run('tall.mp4', 540, 960, 'two.mp4')];
    expect(hash(one.bytes)).toBe(hash(two.bytes));
  });

  it('says what ffmpeg said about a file that it cannot read', async () => {
    await expect(
      transcode(
        {
          ffmpeg,
          input: import.meta.filename,
          width: 100,
          height: 100,
          hasAudio: false,
          durationMs: 1_000,
          clip: source('none.mp4'),
          poster: source('none.jpg'),
          onProgress: () => {},
        },
        new AbortController().signal,
      ),
    ).rejects.toMatchObject({ code: 'transcode-failed', details: { words: expect.stringMatching(/./) } });
  });

  it('ends at once when the program stops', async () => {
    const stop = new AbortController();
    const running = run('wide.mp4', 640, 360, 'stopped.mp4', stop.signal);
    stop.abort(new Error('stopping'));
    await expect(running).rejects.toThrow('stopping');
  });
});
