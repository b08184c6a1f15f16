import type { Mp4Facts } from './mp4.ts';
import { videoFault } from './video-fault.ts';

/**
 * What is converted: what phones film and what programs export. H.265 is taken although no screen plays it, because iPhones film it unless told
 * otherwise. Left out: what ffmpeg cannot read everywhere (AV1), what is made for editing and always deep (ProRes), and the rest.
 */
const codecs = new Set(['avc1', 'avc3', 'hvc1', 'hev1', 'mp4v']);
/** Dolby Vision is HDR by its name. */
const dolbyVision = new Set(['dvh1', 'dvhe', 'dva1', 'dvav']);

const sidePixelsMin = 160;
const sidePixelsMax = 4_096;
const clipSecondsMax = 60;
const clipMsMin = 1_000;
/** Slow motion of phones is 240. */
const framesPerSecondMax = 250;

/** Refuses what cannot be made a clip, or not safely. Throws DomainError with the `video-…` code that says why. */
export function admit({ durationMs, video }: Mp4Facts): void {
  const { codec, bitDepth, coded } = video;
  if (dolbyVision.has(codec) || bitDepth > 8) throw videoFault('video-ten-bit', { codec, bitDepth });
  if (!codecs.has(codec)) throw videoFault('video-codec', { codec: printable(codec) });
  if (durationMs > clipSecondsMax * 1_000)
    throw videoFault('video-too-long', { durationMs, secondsMax: clipSecondsMax });
  if (durationMs < clipMsMin) throw videoFault('video-too-short', { durationMs });
  const framesPerSecond = Math.round((video.frames * 1_000) / durationMs);
  if (framesPerSecond > framesPerSecondMax) throw videoFault('video-frame-rate', { framesPerSecond });
  // What the boxes claim and what a decoder would need memory for: a small promise must not hide a giant picture.
  const sides = [video.width, video.height, coded.width, coded.height];
  if (sides.some((side) => side < sidePixelsMin || side > sidePixelsMax))
    throw videoFault('video-bad-dimensions', { width: coded.width, height: coded.height });
}

/** Four bytes of somebody else's file, on their way to a page and a log. */
const printable = (codec: string): string => codec.replace(/[^\w ]/g, '?');
