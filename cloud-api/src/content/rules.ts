import type { ClipStatus } from './contract.ts';
import type { Mp4Facts } from './mp4.ts';

/** Where a clip may go from each state. */
export const clipTransitions: Readonly<Record<ClipStatus, readonly ClipStatus[]>> = {
  queued: ['transcoding', 'in-review', 'failed'],
  transcoding: ['queued', 'in-review', 'failed'],
  'in-review': ['approved', 'rejected'],
  // What was let through leaves the screens at once; looked at again, it may come back.
  approved: ['taken-down', 'expired'],
  rejected: ['in-review'],
  'taken-down': ['in-review'],
  expired: ['in-review'],
  failed: [],
};

/** The states from which `to` can be reached, for `UPDATE … WHERE status IN (…)`. */
export function clipStatesBefore(to: ClipStatus): ClipStatus[] {
  return (Object.keys(clipTransitions) as ClipStatus[]).filter((from) => clipTransitions[from].includes(to));
}

/** What the screens play: 720×1280 portrait, H.264 baseline up to level 3.1, 25 frames a second. */
export const profile = {
  width: 720,
  height: 1280,
  framesPerSecond: 25,
  avcProfile: 66,
  avcLevel: 31,
  keyFrameEvery: 50,
  maxBitsPerSecond: 2_000_000,
} as const;

const rateTolerance = 0.01;

/** True if the file can be played on the screens as it is, unturned, so that it needs no transcode. */
export function conforms({ video, audioCodec, fastStart, durationMs }: Mp4Facts): boolean {
  const rate = (video.frames * 1_000) / durationMs;
  return (
    video.width === profile.width &&
    video.height === profile.height &&
    video.coded.width === profile.width &&
    video.coded.height === profile.height &&
    video.avc?.profile === profile.avcProfile &&
    video.avc.level <= profile.avcLevel &&
    video.constantRate &&
    !video.reordered &&
    Math.abs(rate / profile.framesPerSecond - 1) <= rateTolerance &&
    (audioCodec === null || audioCodec === 'mp4a') &&
    fastStart
  );
}

/** A tall picture fills the screen, its edges cut; any other stands whole before its own blurred image. */
export function framing(video: { readonly width: number; readonly height: number }): 'fill' | 'blurred-sides' {
  const aspect = video.width / video.height;
  return aspect >= 0.5 && aspect <= 0.66 ? 'fill' : 'blurred-sides';
}
