import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { testApp, type TestApp } from '../test-app.ts';
import { tusHands } from '../test-uploads.ts';
import { admit } from './admit.ts';
import { findFfmpeg, type Ffmpeg } from './find-ffmpeg.ts';
import { box, mp4File } from './mp4.fixture.ts';
import { readMp4, type ByteSource } from './mp4.ts';

const found = await findFfmpeg({});

/** Arguments for a file of a second and a bit, as ffmpeg writes it. */
const recipes = {
  'phone.mp4': 'libx264 -pix_fmt yuv420p -s 360x640 -f mp4',
  'turned.mov': 'libx264 -pix_fmt yuv420p -s 640x360 -metadata:s:v rotate=90 -f mov',
  'iphone.mov': 'libx265 -x265-params log-level=none -pix_fmt yuv420p -tag:v hvc1 -s 640x360 -f mov',
  'hdr.mov': 'libx265 -x265-params log-level=none -pix_fmt yuv420p10le -tag:v hvc1 -s 640x360 -f mov',
  'high10.mp4': 'libx264 -pix_fmt yuv420p10le -s 640x360 -f mp4',
  'prores.mov': 'prores_ks -s 640x360 -f mov',
  'fragments.mp4': 'libx264 -pix_fmt yuv420p -s 360x640 -movflags frag_keyframe+empty_moov -f mp4',
  'giant.mp4': 'libx264 -pix_fmt yuv420p -s 8192x4352 -r 2 -f mp4',
  'stream.ts': 'libx264 -pix_fmt yuv420p -s 360x640 -f mpegts',
  'film.mkv': 'libx264 -pix_fmt yuv420p -s 360x640 -f matroska',
  'list.m3u8': 'libx264 -pix_fmt yuv420p -s 360x640 -f hls',
} as const;
type Name = keyof typeof recipes;

describe.skipIf(found.path === null)('a real file', () => {
  let folder: string;
  let world: TestApp;
  const files = {} as Record<Name, Buffer>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatecast-hostile-'));
    for (const name of Object.keys(recipes) as Name[]) {
      const source = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=10:duration=1.2'];
      const path = join(folder, name);
      execFileSync(
        (found as Ffmpeg).path,
        [...source, '-preset', 'ultrafast', '-c:v', ...recipes[name].split(' '), path],
        {
          stdio: ['ignore', 'ignore', 'ignore'],
        },
      );
      files[name] = readFileSync(path);
    }
    world = await testApp();
  }, 60_000);
  afterAll(async () => {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const verdict = async (bytes: Uint8Array): Promise<string> => {
    const hands = tusHands(world, world.operator);
    const { id } = (await hands.begin(bytes.length, { title: 'x', filename: 'x' })).body;
    await hands.send(id, 0, new Blob([new Uint8Array(bytes)]));
    const upload = await vi.waitFor(async () => {
      const { body } = await hands.look(id, 'GET');
      expect(body.state).toMatch(/taken|refused/);
      return body;
    }, 15_000);
    await hands.look(id, 'DELETE');
    return upload.fault ?? upload.state;
  };
  /** The same file with its media, which is not its index, written over. */
  const withoutMedia = (bytes: Buffer): Buffer => {
    const broken = Buffer.from(bytes);
    const at = broken.indexOf('mdat');
    return broken.fill(0xff, at + 4, at - 4 + broken.readUInt32BE(at - 4));
  };

  it.each<[string, string, () => Buffer]>([
    ['of a phone', 'taken', () => files['phone.mp4']],
    ['of a phone held upright', 'taken', () => files['turned.mov']],
    ['of an iPhone, in H.265', 'taken', () => files['iphone.mov']],
    ['of an iPhone, in HDR', 'video-ten-bit', () => files['hdr.mov']],
    ['in H.264 with ten bits', 'video-ten-bit', () => files['high10.mp4']],
    ['of an editing program', 'video-codec', () => files['prores.mov']],
    ['in fragments', 'video-fragmented', () => files['fragments.mp4']],
    ['of 35 megapixels', 'video-bad-dimensions', () => files['giant.mp4']],
    ['of a television stream', 'video-not-mp4', () => files['stream.ts']],
    ['in Matroska', 'video-not-mp4', () => files['film.mkv']],
    ['that is a playlist', 'video-not-mp4', () => files['list.m3u8']],
    ['cut off', 'video-truncated', () => files['phone.mp4'].subarray(0, -2_000)],
    ['whose pictures are noise', 'video-undecodable', () => withoutMedia(files['phone.mp4'])],
    ['of nothing but a good index', 'video-undecodable', () => mp4File({ width: 1080, height: 1920 })],
    [
      'with a hundred thousand boxes',
      'video-malformed',
      () => Buffer.concat([files['phone.mp4'], Buffer.alloc(800_000, box('free'))]),
    ],
  ])('%s: %s', async (_name, expected, bytes) => {
    expect(await verdict(bytes())).toBe(expected);
  });

  it('that names another file on the network is refused, and nobody asked that network', async () => {
    const asked: string[] = [];
    const lure: Server = createServer((request, answer) => {
      asked.push(request.url ?? '');
      answer.end();
    });
    await new Promise<void>((resolve) => lure.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(lure.address() as AddressInfo).port}/secret`;
    expect(await verdict(mp4File({ dataAt: address }))).toBe('video-external');
    expect(await verdict(Buffer.from(`#EXTM3U\n#EXTINF:1,\n${address}\n`))).toBe('video-not-mp4');
    expect(
      await verdict(Buffer.concat([box('ftyp', Buffer.from('isom')), Buffer.from(`#EXTM3U\n${address}\n`)])),
    ).toMatch(/^video-/);
    expect(asked).toEqual([]);
    lure.close();
  });

  it('that somebody has changed here and there is never worse than a stable refusal, read in bounds', async () => {
    const originals = (['phone.mp4', 'turned.mov', 'iphone.mov', 'hdr.mov', 'fragments.mp4'] as const).map(
      (name) => files[name],
    );
    const extremes = fc.constantFrom(0, 1, 7, 8, 0x7f_ff_ff_ff, 0x80_00_00_00, 0xff_ff_ff_ff);
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      value: extremes,
      isWord: fc.boolean(),
      byte: fc.nat(255),
    });
    const hostile = fc.record({
      which: fc.nat(originals.length - 1),
      edits: fc.array(edit, { minLength: 1, maxLength: 8 }),
      keep: fc.double({ min: 0.2, max: 1.5, noNaN: true }),
    });
    let reads = 0;
    await fc.assert(
      fc.asyncProperty(hostile, async ({ which, edits, keep }) => {
        const original = originals[which] ?? Buffer.alloc(0);
        const bytes = Buffer.from(original);
        // Mostly in the index, where the reader looks.
        const [from, length] = indexOf(bytes);
        for (const { at, value, isWord, byte } of edits) {
          const place = Math.min(from + Math.floor(at * length), bytes.length - 4);
          if (isWord) bytes.writeUInt32BE(value, place);
          else bytes[place] = byte;
        }
        reads = 0;
        const fault = await faultOf(bytes.subarray(0, Math.ceil(bytes.length * Math.min(1, keep))));
        expect(fault === undefined || fault.startsWith('video-')).toBe(true);
        expect(reads).toBeLessThan(5_000);
      }),
      { numRuns: 3_000 },
    );

    async function faultOf(bytes: Buffer): Promise<string | undefined> {
      const source: ByteSource = {
        size: bytes.length,
        async read(offset, length) {
          reads += 1;
          expect(offset >= 0 && offset + length <= bytes.length).toBe(true);
          return bytes.subarray(offset, offset + length);
        },
      };
      try {
        admit(await readMp4(source));
      } catch (error) {
        if (error instanceof DomainError) return error.code;
        throw error;
      }
      return undefined;
    }
    function indexOf(bytes: Buffer): [number, number] {
      const at = bytes.indexOf('moov');
      return [at - 4, Math.min(bytes.readUInt32BE(at - 4), bytes.length - at)];
    }
  });
});
