import type { ClipStatus } from './contract.ts';
import type { Mp4Facts } from './mp4.ts';
import { framesPerSecond, profiles } from './profiles.ts';

/** Where a clip may go from each state. */
export const clipTransitions: Readonly<Record<ClipStatus, readonly ClipStatus[]>> = {
  queued: ['transcoding', 'in-review', 'failed', 'withdrawn'],
  transcoding: ['queued', 'in-review', 'failed', 'withdrawn'],
  'in-review': ['approved', 'rejected', 'withdrawn'],
  // What was let through leaves the screens at once; looked at again, it may come back.
  approved: ['taken-down', 'expired', 'withdrawn'],
  rejected: ['in-review', 'withdrawn'],
  'taken-down': ['in-review', 'withdrawn'],
  expired: ['in-review', 'withdrawn'],
  // Somebody has it tried again.
  failed: ['queued', 'withdrawn'],
  // Whoever made it wants it no more; nobody brings it back.
  withdrawn: [],
};

/** The states from which `to` can be reached, for `UPDATE … WHERE status IN (…)`. */
export function clipStatesBefore(to: ClipStatus): ClipStatus[] {
  return (Object.keys(clipTransitions) as ClipStatus[]).filter((from) => clipTransitions[from].includes(to));
}

const profile = profiles.B;
const rateTolerance = 0.01;
/** Sound of any kind beside the pictures, and the index. */
const besideBitsPerSecond = 400_000;

/** What a stream of the profile's rate may come to with its buffer full at the beginning (ISO/IEC 14496-10 annex C). */
const isLight = (bytes: number, durationMs: number): boolean =>
  bytes * 8 <= profile.bufferBits + ((profile.bitsPerSecondMax + besideBitsPerSecond) * durationMs) / 1_000;

/** True if the file of so many bytes is one of profile B as it is, unturned, so that its pictures need no transcode. */
export function conforms({ video, audioCodec, fastStart, durationMs }: Mp4Facts, bytes: number): boolean {
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
    Math.abs(rate / framesPerSecond - 1) <= rateTolerance &&
    (audioCodec === null || audioCodec === 'mp4a') &&
    fastStart &&
    isLight(bytes, durationMs)
  );
}
