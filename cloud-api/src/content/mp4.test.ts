import { DomainError } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { box, bytesSource, mp4File, type Mp4Shape } from './mp4.fixture.ts';
import { readMp4 } from './mp4.ts';

const read = (bytes: Uint8Array) => readMp4(bytesSource(bytes));
const faultOf = async (bytes: Uint8Array) => {
  const error = await read(bytes).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof DomainError ? error.code : error;
};

/** A decoder configuration of H.265 with so many parameter sets of no bytes. */
const emptyUnits = (count: number) =>
  Buffer.concat([Buffer.alloc(22), Buffer.from([1, 32, count >> 8, count & 255]), Buffer.alloc(2 * count)]);

describe('a video that a merchant uploads', () => {
  it('is described without decoding it', async () => {
    await expect(read(mp4File())).resolves.toEqual({
      brand: 'isom',
      durationMs: 6_000,
      audioCodec: 'mp4a',
      fastStart: true,
      video: {
        codec: 'avc1',
        width: 720,
        height: 1280,
        durationMs: 6_000,
        frames: 150,
        constantRate: true,
        reordered: false,
        avc: { profile: 66, level: 31 },
        coded: { width: 720, height: 1280 },
        bitDepth: 8,
      },
    });
  });

  it('has the upright size when a phone stored it lying down', async () => {
    const { video } = await read(mp4File({ width: 1920, height: 1080, turned: true }));
    expect([video.width, video.height]).toEqual([1080, 1920]);
  });

  it('may have its index at the end and no sound', async () => {
    await expect(read(mp4File({ indexFirst: false, audio: null }))).resolves.toMatchObject({
      fastStart: false,
      audioCodec: null,
    });
  });

  it('is as long as its frames say, whatever the header claims', async () => {
    const file = mp4File({ durationMs: 90_000 });
    const header = file.indexOf('mdhd');
    file.writeUInt32BE(12_800, header + 4 + 16);
    await expect(read(file)).resolves.toMatchObject({ durationMs: 90_000 });
  });

  it('of four hours is told its length without following every picture', async () => {
    const file = mp4File({ durationMs: 4 * 3_600_000, sizes: 1 });
    await expect(read(file)).resolves.toMatchObject({ durationMs: 4 * 3_600_000 });
  });

  it.each<[string, Buffer]>([
    ['video-not-mp4', Buffer.from('just some words, no video at all')],
    ['video-not-mp4', Buffer.alloc(0)],
    ['video-not-mp4', Buffer.alloc(64)],
    ['video-not-mp4', box('ftyp')],
    ['video-truncated', box('ftyp', Buffer.from('isom0000'))],
    ['video-truncated', mp4File().subarray(0, -1)],
    ['video-truncated', mp4File({ indexFirst: false }).subarray(0, 700)],
    ['video-truncated', Buffer.concat([mp4File(), Buffer.alloc(3)])],
    ['video-no-picture', mp4File({ video: false })],
    ['video-fragmented', mp4File({ fragmented: true })],
    ['video-protected', mp4File({ codec: 'encv' })],
    ['video-protected', mp4File({ audio: 'enca' })],
    ['video-protected', mp4File({ extra: [box('pssh', Buffer.alloc(20))] })],
    ['video-external', mp4File({ dataAt: 'http://10.0.0.1/secret.mp4' })],
    ['video-external', mp4File({ extra: [box('rmra', box('rmda'))] })],
    ['video-not-mp4', Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n')],
    ['video-not-mp4', Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n")],
    ['video-truncated', mp4File({ chunkAt: 1_000_000 })],
    ['video-malformed', mp4File({ sizes: 199 })],
    ['video-malformed', mp4File({ sizes: 2 ** 31 })],
    ['video-malformed', mp4File({ emptyChunks: 150 })],
    ['video-malformed', mp4File({ codec: 'hvc1', hvcC: emptyUnits(300) })],
    ['video-malformed', mp4File({ extra: Array.from({ length: 1_100 }, () => box('free')) })],
    ['video-malformed', Buffer.concat([mp4File(), ...Array.from({ length: 5_000 }, () => box('free'))])],
    ['video-malformed', Buffer.concat([box('ftyp', Buffer.from('isom')), box('moov', box('trak')), box('mdat')])],
    ['video-malformed', Buffer.concat([box('ftyp', Buffer.from('isom')), Buffer.from([0, 0, 0, 3, 1, 2, 3, 4])])],
  ])('is refused as %s', async (code, bytes) => {
    await expect(faultOf(bytes)).resolves.toBe(code);
  });

  it('never does worse than a stable refusal, whatever bytes come', async () => {
    const shapes: Mp4Shape[] = [{}, { indexFirst: false }, { codec: 'hvc1' }, { reordered: true, audio: null }];
    const broken = fc
      .record({
        shape: fc.constantFrom(...shapes),
        edits: fc.array(fc.record({ at: fc.nat(1_500), byte: fc.nat(255) }), { maxLength: 12 }),
        cut: fc.nat(2_500),
      })
      .map(({ shape, edits, cut }) => {
        const bytes = Buffer.from(mp4File(shape));
        for (const { at, byte } of edits) bytes[at % bytes.length] = byte;
        return bytes.subarray(0, bytes.length - (cut % 2 === 0 ? 0 : cut % bytes.length));
      });
    await fc.assert(
      fc.asyncProperty(broken, async (bytes) => {
        const code = await faultOf(bytes);
        expect(code === undefined || (typeof code === 'string' && code.startsWith('video-'))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
