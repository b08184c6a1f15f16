import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMp4File } from './file-source.ts';
import { findFfmpeg, type Ffmpeg } from './find-ffmpeg.ts';
import { conforms } from './rules.ts';
import type { Converter } from './run-ffmpeg.ts';
import { probeSandbox } from './sandbox.ts';
import { progressShare } from './transcode-arguments.ts';
import { transcode, type MadeFile, type MeasuredClip, type TranscodeRequest } from './transcode.ts';

const found = await findFfmpeg({});

it('progress is told by lines of microseconds', () => {
  expect(progressShare('out_time_us=4000000', 8_000)).toBe(0.5);
  expect(progressShare('out_time_ms=9000000', 8_000)).toBe(1);
  expect(progressShare('out_time_us=-77', 8_000)).toBeUndefined();
  expect(progressShare('fps=25', 8_000)).toBeUndefined();
});

describe.skipIf(found.path === null)('a transcode', { timeout: 60_000 }, () => {
  const ffmpeg = found as Ffmpeg;
  let converter: Converter;
  let dir: string;
  let runs = 0;
  const at = (name: string) => join(dir, name);
  const targetLufs = -23;

  beforeAll(async () => {
    converter = { ffmpeg, sandbox: await probeSandbox(), memoryBytes: 2 * 1024 ** 3 };
    dir = mkdtempSync(join(tmpdir(), 'gatecast-transcode-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  /** A source of a picture and perhaps a sound, both ffmpeg's own. */
  const make = (name: string, picture: string, sound: string | null, args: readonly string[] = []): string => {
    const inputs = ['-f', 'lavfi', '-i', picture, ...(sound === null ? [] : ['-f', 'lavfi', '-i', sound])];
    const coded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest'];
    execFileSync(ffmpeg.path, ['-v', 'error', ...inputs, ...coded, ...args, '-y', at(name)]);
    return at(name);
  };

  const request = async (path: string): Promise<TranscodeRequest> => {
    const facts = await readMp4File(path);
    const folder = at(`out-${(runs += 1)}`);
    mkdirSync(folder);
    const { width, height } = facts.video;
    const { durationMs } = facts;
    const source = {
      path,
      width,
      height,
      durationMs,
      hasAudio: facts.audioCodec !== null,
      conforms: conforms(facts, statSync(path).size),
    };
    return { source, folder, targetLufs, onProgress: () => {} };
  };
  const never = new AbortController().signal;
  const convert = async (path: string) => (await transcode(converter, await request(path), never)).files;
  const one = (made: readonly MadeFile[], cut: MadeFile['cut'], profile: MadeFile['profile']): MadeFile => {
    const file = made.find((candidate) => candidate.cut === cut && candidate.profile === profile);
    if (!file) throw new Error(`no ${cut} ${profile}`);
    return file;
  };
  const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  const said = (args: readonly string[]) =>
    spawnSync(ffmpeg.path, ['-hide_banner', ...args], { encoding: 'utf8' }).stderr;
  const loudnessOf = (path: string) => {
    const words = said(['-i', path, '-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null', '-']);
    const number = (pattern: RegExp) => Number(pattern.exec(words)?.[1]);
    return { lufs: number(/I:\s+(-?[\d.]+) LUFS\s+Threshold/), peakDb: number(/Peak:\s+(-?[\d.inf]+)/) };
  };
  /** Red, green and blue at a place, as a player that knows BT.709 shows them. */
  const colourAt = (path: string, x: number, y: number) => {
    const filter = `scale=in_color_matrix=bt709:in_range=tv,format=rgb24,crop=2:2:${x}:${y}`;
    const pixel = ['-v', 'error', '-i', path, '-frames:v', '1', '-vf', filter, '-f', 'rawvideo', '-'];
    return [...execFileSync(ffmpeg.path, pixel).subarray(0, 3)];
  };
  const near = (is: readonly number[], wanted: readonly number[]) =>
    expect(
      is.map((value, i) => Math.abs(value - (wanted[i] ?? 0)) <= 8),
      is.join(' '),
    ).toEqual([true, true, true]);

  const beep = 'sine=frequency=440:duration=6.6';
  const red = 'color=c=red:size=360x640:rate=25:duration=1.2';

  describe('of a phone’s video', () => {
    let made: readonly MadeFile[];
    let measured: MeasuredClip;
    const progress: number[] = [];
    beforeAll(async () => {
      const secret = ['-metadata', 'title=secret', '-metadata', 'location=+39.9+116.4/'];
      const path = make('phone.mp4', 'testsrc=size=1080x1920:rate=30:duration=6.6', beep, secret);
      const asked = { ...(await request(path)), onProgress: (percent: number) => progress.push(percent) };
      const result = await transcode(converter, asked, never);
      ({ files: made, measured } = result);
    }, 60_000);

    it.each([
      ['lift', 'A', 6_600, 1080, 1920, 77, 40],
      ['lift', 'B', 6_600, 720, 1280, 66, 31],
      ['door', 'A', 6_000, 1080, 1920, 77, 40],
      ['door', 'B', 6_000, 720, 1280, 66, 31],
    ] as const)(
      'makes the %s cut in profile %s',
      async (cut, profile, durationMs, width, height, avcProfile, level) => {
        const { path, posterPath } = one(made, cut, profile);
        const facts = await readMp4File(path);
        expect(facts).toMatchObject({ durationMs, audioCodec: 'mp4a', fastStart: true });
        const frames = durationMs / 40;
        expect(facts.video).toMatchObject({ width, height, frames, constantRate: true, reordered: false });
        expect(facts.video.avc).toMatchObject({ profile: avcProfile });
        expect(facts.video.avc?.level).toBeLessThanOrEqual(level);
        const words = said(['-skip_frame', 'nokey', '-i', path, '-vsync', '0', '-f', 'null', '-']);
        expect(words).toMatch(/yuv420p\(tv, bt709\).*25 fps/);
        expect(words).toMatch(/Audio: aac \(LC\).*48000 Hz, stereo/);
        expect(words, 'a key frame each two seconds').toMatch(new RegExp(`frame=\\s*${Math.ceil(frames / 50)} `));
        const bytes = readFileSync(path);
        for (const trace of ['secret', '116.4', 'Lavf']) expect(bytes.includes(trace), trace).toBe(false);
        expect(readFileSync(posterPath).subarray(0, 3).toString('hex')).toBe('ffd8ff');
      },
    );

    it('codes the pictures of both cuts once', () => {
      const firstFrames = (path: string) =>
        execFileSync(ffmpeg.path, [
          '-v',
          'error',
          '-i',
          path,
          '-map',
          '0:v',
          '-t',
          '6',
          '-c',
          'copy',
          '-f',
          'md5',
          '-',
        ]);
      expect(firstFrames(one(made, 'door', 'B').path)).toEqual(firstFrames(one(made, 'lift', 'B').path));
    });

    it('tells the reviewers how loud it is now, and how long it is black', () => {
      expect(Math.abs((measured.loudnessLufs ?? 0) - targetLufs)).toBeLessThanOrEqual(1);
      expect(measured.blackMs).toBe(0);
    });

    it('tells its progress over all files', () => {
      expect(progress.length).toBeGreaterThan(3);
      expect(progress).toEqual(progress.toSorted((a, b) => a - b));
      expect(progress.every((percent) => percent >= 0 && percent <= 99)).toBe(true);
    });

    it('leaves alone what is a clip already, and cuts it where it is too long for a door', async () => {
      const clip = one(made, 'lift', 'B').path;
      const again = await convert(clip);
      expect(again.map(({ cut, profile, path }) => [cut, profile, path === clip])).toEqual([
        ['lift', 'B', true],
        ['door', 'B', false],
      ]);
      expect(one(again, 'door', 'B').durationMs).toBe(6_000);
    });

    it('softens a finished clip that is too loud, and leaves its pictures', async () => {
      const loud = at('loud-clip.mp4');
      const louder = [
        '-c:v',
        'copy',
        '-af',
        'volume=14dB',
        '-c:a',
        'aac',
        '-movflags',
        '+faststart',
        '-fflags',
        '+bitexact',
      ];
      execFileSync(ffmpeg.path, ['-v', 'error', '-i', one(made, 'lift', 'B').path, ...louder, '-y', loud]);
      const lift = one(await convert(loud), 'lift', 'B');
      expect(lift.path).not.toBe(loud);
      expect(Math.abs(loudnessOf(lift.path).lufs - targetLufs)).toBeLessThanOrEqual(1);
    });
  });

  it('gives the same bytes for the same file, stills too', async () => {
    const path = make('short.mp4', 'testsrc2=size=360x640:rate=30:duration=1.5', 'sine=duration=1.5');
    const [first, second] = [await convert(path), await convert(path)];
    expect(first.map((file) => [hash(file.path), hash(file.posterPath)])).toEqual(
      second.map((file) => [hash(file.path), hash(file.posterPath)]),
    );
    // Short enough for a door as it is: one file for both places.
    expect(first.map(({ cut }) => cut)).toEqual(['lift', 'door']);
    expect(new Set(first.map((file) => file.path)).size).toBe(1);
  });

  it.each([
    ['loud', 'sine=frequency=300:duration=6.6,volume=18dB'],
    ['soft', 'sine=frequency=300:duration=6.6,volume=-20dB'],
    ['soft with hard knocks', "aevalsrc='0.02*sin(1900*t)+0.9*sin(800*t)*lt(mod(t,1.1),0.004)':d=6.6"],
    ['that comes and goes', "aevalsrc='0.4*sin(1900*t)*lt(mod(t,2),0.7)':d=6.6"],
    ['on one side only', "aevalsrc='0.2*sin(1900*t)|0':c=stereo:d=6.6"],
  ])('brings a sound that is %s to the loudness of the others, in each cut', async (name, sound) => {
    const made = await convert(make(`${name.length}-sound.mp4`, 'color=size=180x320:duration=6.6', sound));
    expect(made.map(({ cut }) => cut)).toEqual(['lift', 'door']);
    for (const { path, cut } of made) {
      const { lufs, peakDb } = loudnessOf(path);
      expect(Math.abs(lufs - targetLufs), `${cut} at ${lufs} LUFS`).toBeLessThanOrEqual(1);
      expect(peakDb, cut).toBeLessThanOrEqual(-1.5);
    }
  });

  it.each([
    ['no sound', null],
    ['a sound that nobody hears', 'anoisesrc=amplitude=0.0002:duration=1.2'],
  ])('gives a silent track to a source with %s', async (name, sound) => {
    const [lift] = await convert(make(`silent-${name.length}.mp4`, red, sound));
    expect(await readMp4File(lift?.path ?? '')).toMatchObject({ audioCodec: 'mp4a', durationMs: 1_200 });
    expect(loudnessOf(lift?.path ?? '').lufs).toBeLessThanOrEqual(-70);
  });

  it.each([
    ['BT.601, as it says', ['-vf', 'scale=out_color_matrix=bt601', '-colorspace', 'smpte170m']],
    ['BT.601, without a word', ['-vf', 'scale=out_color_matrix=bt601']],
    ['BT.709', ['-vf', 'scale=out_color_matrix=bt709', '-colorspace', 'bt709']],
    [
      'full range',
      ['-vf', 'format=rgb24,scale=out_color_matrix=bt709', '-colorspace', 'bt709', '-pix_fmt', 'yuvj420p'],
    ],
  ])('keeps the colours of a source in %s', async (name, args) => {
    const [lift] = await convert(make(`colour-${name.length}.mp4`, red, null, args));
    near(colourAt(lift?.path ?? '', 360, 640), [255, 0, 0]);
  });

  it('stands a video upright that a phone stored lying down', async () => {
    const sides = 'color=c=red:size=640x360:duration=1.2,drawbox=x=320:w=320:h=360:color=blue:t=fill';
    const path = make('turned.mp4', sides, null);
    const bytes = readFileSync(path);
    // The matrix of a phone held upright: a quarter turn clockwise (ISO/IEC 14496-12 §8.3.2).
    const matrix = bytes.indexOf('tkhd') + 44;
    [0, 0x1_0000, 0, -0x1_0000, 0, 0, 360 * 0x1_0000].forEach((n, i) => bytes.writeInt32BE(n, matrix + 4 * i));
    writeFileSync(path, bytes);
    const [lift] = await convert(path);
    near(colourAt(lift?.path ?? '', 360, 100), [255, 0, 0]);
    near(colourAt(lift?.path ?? '', 360, 1_180), [0, 0, 255]);
    expect(said(['-i', lift?.path ?? ''])).not.toMatch(/rotat|displaymatrix/i);
  });

  it('shows a wide picture whole, before its own image', async () => {
    const [lift] = await convert(make('wide.mp4', 'color=c=lime:size=640x360:duration=1.2', null));
    expect(lift).toMatchObject({ width: 720, height: 1280 });
    near(colourAt(lift?.path ?? '', 360, 640), [0, 255, 0]);
    near(colourAt(lift?.path ?? '', 360, 40), [0, 255, 0]);
  });

  it('says what ffmpeg said about a file that it cannot read', async () => {
    const source = {
      path: import.meta.filename,
      width: 100,
      height: 200,
      durationMs: 1_000,
      hasAudio: false,
      conforms: false,
    };
    const broken = transcode(converter, { source, folder: dir, targetLufs, onProgress: () => {} }, never);
    await expect(broken).rejects.toMatchObject({
      code: 'transcode-failed',
      details: { words: expect.stringMatching(/./) },
    });
  });

  it('ends at once when the program stops', async () => {
    const stop = new AbortController();
    const running = transcode(converter, await request(make('stop.mp4', red, null)), stop.signal);
    stop.abort(new Error('stopping'));
    await expect(running).rejects.toThrow('stopping');
  });
});
