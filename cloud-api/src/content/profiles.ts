import { cutMsMax, cuts, screenProfiles, type Cut, type ScreenProfile } from './cuts.ts';

/** What a kind of screen plays. Rates are those of the decoder model (ISO/IEC 14496-10 annex C). */
export interface VideoProfile {
  readonly width: number;
  readonly height: number;
  /** Of H.264: 66 baseline, 77 main. */
  readonly avcProfile: number;
  /** Ten times the level, as the stream says it. */
  readonly avcLevel: number;
  readonly bitsPerSecondMax: number;
  readonly bufferBits: number;
}

/**
 * Portrait, because a cheap board cannot turn a picture while it plays; 25 frames a second all alike, a key frame each two seconds and none reordered, so
 * that any decoder starts at once and two players change over on the frame. Source: the media research's profiles A and B.
 */
export const profiles: Readonly<Record<ScreenProfile, VideoProfile>> = {
  A: {
    width: 1080,
    height: 1920,
    avcProfile: 77,
    avcLevel: 40,
    bitsPerSecondMax: 4_000_000,
    bufferBits: 8_000_000,
  },
  B: { width: 720, height: 1280, avcProfile: 66, avcLevel: 31, bitsPerSecondMax: 2_000_000, bufferBits: 4_000_000 },
};
export const framesPerSecond = 25;
export const keyFrameEvery = 50;

/** A picture as it is shown: upright, with square pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** A tall picture fills the screen, its edges cut; any other stands whole before its own blurred image. */
export function framing({ width, height }: PictureSize): 'fill' | 'blurred-sides' {
  const aspect = width / height;
  return aspect >= 0.5 && aspect <= 0.66 ? 'fill' : 'blurred-sides';
}

/** Whether the picture need not be blown up for this kind of screen. */
export function hasPixelsFor(picture: PictureSize, profile: ScreenProfile): boolean {
  const { width, height } = profiles[profile];
  const [across, down] = [width / picture.width, height / picture.height];
  return (framing(picture) === 'fill' ? Math.max(across, down) : Math.min(across, down)) <= 1;
}

export interface FileSource extends PictureSize {
  readonly durationMs: number;
  /** It is a file of profile B already. */
  readonly conforms: boolean;
}

/** One file to make. `same` and `trim` start from the lift cut of the same profile, which is made before. */
export interface PlannedFile {
  readonly cut: Cut;
  readonly profile: ScreenProfile;
  readonly durationMs: number;
  readonly how: 'encode' | 'keep' | 'trim-source' | 'trim-lift' | 'same-as-lift';
}

/**
 * The files of a clip, in the order in which they are made. The larger profile only where the source has the pixels. Both cuts begin at the source's first frame, so
 * the pictures of the door's are the first of the lift's and need no second encoding.
 */
export function planFiles(source: FileSource): PlannedFile[] {
  const made = screenProfiles.filter((profile) => profile === 'B' || (!source.conforms && hasPixelsFor(source, 'A')));
  const lengthOf = (cut: Cut) => Math.min(source.durationMs, cutMsMax[cut]);
  const isWhole = (cut: Cut) => lengthOf(cut) === source.durationMs;
  const howOf = (cut: Cut): PlannedFile['how'] => {
    if (cut === 'door' && lengthOf('door') === lengthOf('lift')) return 'same-as-lift';
    if (source.conforms) return isWhole(cut) ? 'keep' : 'trim-source';
    return cut === 'lift' ? 'encode' : 'trim-lift';
  };
  return cuts
    .toReversed()
    .flatMap((cut) => made.map((profile) => ({ cut, profile, durationMs: lengthOf(cut), how: howOf(cut) })));
}

/** Whether a file is a clip as it stands, for which no converter is needed. */
export const needsNoConverter = (source: FileSource): boolean =>
  planFiles(source).every(({ how }) => how === 'keep' || how === 'same-as-lift');
