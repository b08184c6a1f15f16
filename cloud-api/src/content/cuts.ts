import type { Placement } from '@gatecast/firmware-protocol/messages';

/**
 * A clip is made once for each kind of place: at a door somebody stands for a few seconds, before a lift for longer.
 * Source of the lengths: people at a gate look for 6 s at most, and wait for a lift for tens of seconds.
 */
export const cuts = ['door', 'lift'] as const;
export type Cut = (typeof cuts)[number];

export const cutMsMax: Readonly<Record<Cut, number>> = { door: 6_000, lift: 15_000 };

export const cutOf = (placement: Placement): Cut => (placement === 'lift' ? 'lift' : 'door');

/** Kinds of screen: A shows 1080×1920, B 720×1280. */
export const screenProfiles = ['A', 'B'] as const;
export type ScreenProfile = (typeof screenProfiles)[number];

/** One file of a clip, as a screen plays it. */
export interface ClipFile {
  readonly cut: Cut;
  readonly profile: ScreenProfile;
  readonly sha256: string;
  readonly bytes: number;
  readonly durationMs: number;
  readonly width: number;
  readonly height: number;
  /** Its own still, a JPEG of the same size; null: nothing could make one. The bytes are null for one made before screens had stills. */
  readonly posterSha256: string | null;
  readonly posterBytes: number | null;
}

/**
 * What a screen of this profile plays at this placement. A screen of profile A shows the smaller file where there is no larger one, because nothing is
 * ever blown up beyond its source; one of profile B never gets the larger one, which it may be too weak for. Undefined: nothing that fits.
 */
export function fileFor<F extends Pick<ClipFile, 'cut' | 'profile'>>(
  files: readonly F[],
  placement: Placement,
  profile: ScreenProfile,
): F | undefined {
  const ofCut = files.filter(({ cut }) => cut === cutOf(placement));
  const of = (wanted: ScreenProfile) => ofCut.find((file) => file.profile === wanted);
  return profile === 'A' ? (of('A') ?? of('B')) : of('B');
}
