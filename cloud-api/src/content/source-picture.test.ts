import { expect, it } from 'vitest';
import { longestBlackMs, parsePicture } from './source-picture.ts';

const line = (text: string) =>
  `  Duration: 00:00:12\n    Stream #0:0(und): Video: ${text} (default)\n    Stream #0:1: Audio: aac`;

it.each([
  ['h264 (High) (avc1 / 0x31637661), yuv420p(tv, bt709), 1080x1920 [SAR 1:1 DAR 9:16], 22554 kb/s', undefined, 1],
  ['h264 (Main) (avc1 / 0x31637661), yuv420p(tv, smpte170m/smpte170m/bt709), 720x480, 1610 kb/s', undefined, 1],
  [
    'h264 (Main) (avc1 / 0x31637661), yuvj420p(pc, bt470bg/unknown/unknown), 720x576 [SAR 16:11 DAR 20:11]',
    undefined,
    16 / 11,
  ],
  ['h264 (High) (avc1 / 0x31637661), yuv420p, 1920x1080, 20000 kb/s', 'bt709', 1],
  ['h264 (High) (avc1 / 0x31637661), yuv420p(progressive), 640x360, 20000 kb/s', 'bt601', 1],
  ['mpeg4 (Simple Profile) (mp4v / 0x7634706D), yuv420p(tv), 640x480 [SAR 0:1 DAR 0:1], 800 kb/s', 'bt601', 1],
])('ffmpeg’s “%s” tells its colours and the shape of its pixels', (text, guessedMatrix, pixelAspect) => {
  expect(parsePicture(line(text))).toEqual({ guessedMatrix, pixelAspect });
});

it('the longest black stretch counts', () => {
  const stretch = (length: number) => `[blackdetect @ 0x1] black_start:0 black_end:${length} black_duration:${length}`;
  expect(longestBlackMs([stretch(0.4), stretch(1.24)].join('\n'))).toBe(1_240);
  expect(longestBlackMs('frame=100')).toBe(0);
});
