import { DomainError } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { admit } from './admit.ts';
import { bytesSource, mp4File, type Mp4Shape } from './mp4.fixture.ts';
import { readMp4 } from './mp4.ts';

const refusalOf = async (shape: Mp4Shape) => {
  try {
    admit(await readMp4(bytesSource(mp4File(shape))));
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, ...error.details };
    throw error;
  }
  return undefined;
};
/** A sequence parameter set of H.264 that libx264 wrote for 8192×8192 pixels. */
const giantPicture = Buffer.from('6742c03eda0020000401b0110000030001000003000a0f08042a', 'hex');

describe('a video is taken', () => {
  it.each<[string, Mp4Shape]>([
    ['as phones film it, in H.264', {}],
    [
      'as iPhones film it, in H.265 and QuickTime',
      { brand: 'qt  ', codec: 'hvc1', width: 1920, height: 1080, turned: true },
    ],
    ['in slow motion', { framesPerSecond: 240, durationMs: 2_000 }],
    ['of exactly a minute', { durationMs: 60_000 }],
  ])('%s', async (_, shape) => {
    expect(await refusalOf(shape)).toBeUndefined();
  });
});

describe('a video is refused, with what is wrong,', () => {
  it.each<[string, Mp4Shape, object]>([
    ['longer than a minute', { durationMs: 61_000 }, { code: 'video-too-long', durationMs: 61_000, secondsMax: 60 }],
    ['shorter than a second', { durationMs: 400 }, { code: 'video-too-short', durationMs: 400 }],
    ['too small', { width: 64, height: 64 }, { code: 'video-bad-dimensions', width: 64, height: 64 }],
    ['too large', { width: 8_192, height: 4_320 }, { code: 'video-bad-dimensions' }],
    ['in ten bits', { codec: 'hvc1', hevcDepth: 10 }, { code: 'video-ten-bit', codec: 'hvc1', bitDepth: 10 }],
    ['in Dolby Vision', { codec: 'dvh1' }, { code: 'video-ten-bit', codec: 'dvh1' }],
    ['in a coding for editors', { codec: 'apch' }, { code: 'video-codec', codec: 'apch' }],
    ['in a coding nobody knows', { codec: '\n<\u00ff1' }, { code: 'video-codec', codec: '???1' }],
    ['of a thousand pictures a second', { framesPerSecond: 1_000 }, { code: 'video-frame-rate' }],
  ])('%s', async (_, shape, refusal) => {
    expect(await refusalOf(shape)).toMatchObject(refusal);
  });

  it('that says it is small but makes the decoder unpack a giant', async () => {
    expect(await refusalOf({ parameterSet: giantPicture })).toMatchObject({ code: 'video-bad-dimensions' });
  });
});
