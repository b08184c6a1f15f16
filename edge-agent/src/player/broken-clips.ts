import { minutes, type Clock } from '@gatecast/firmware-protocol';

/** A decoder that had a bad moment gets another chance then. */
const brokenFor = minutes(10);

/** Clips that the screen could not decode, though their files are whole: for a while they are not chosen. */
export interface BrokenClips {
  failed(clip: string): void;
  has(clip: string): boolean;
}

export function createBrokenClips(clock: Pick<Clock, 'mono'>): BrokenClips {
  const untilMono = new Map<string, number>();
  return {
    failed(clip) {
      for (const [other, until] of untilMono) if (until <= clock.mono()) untilMono.delete(other);
      untilMono.set(clip, clock.mono() + brokenFor);
    },
    has: (clip) => (untilMono.get(clip) ?? -Infinity) > clock.mono(),
  };
}
