/** How the colours of a picture are told, and the shape of its pixels: what only a decoder knows for sure. */
export interface SourcePicture {
  /** Undefined: it does not say, or says something that ffmpeg knows by itself. */
  readonly guessedMatrix: 'bt601' | 'bt709' | undefined;
  /** Width of a pixel over its height. */
  readonly pixelAspect: number;
}

const matrices = ['bt709', 'smpte170m', 'bt470bg', 'fcc', 'smpte240m', 'bt2020nc', 'bt2020c', 'gbr'];
const highDefinition = 720;

/**
 * Reads ffmpeg's own description, such as `Video: h264 (High) (avc1 / 0x31637661), yuv420p(tv, smpte170m/smpte170m/bt709), 720x480 [SAR 8:9 DAR 4:3],`. A
 * picture that does not tell its matrix is taken as players take it: BT.709 from 720 lines on, BT.601 below.
 */
export function parsePicture(words: string): SourcePicture {
  const line = /Video: .*/.exec(words)?.[0] ?? '';
  const told = /,\s*\w+\(([^)]*)\)/.exec(line)?.[1] ?? '';
  const isTold = told.split(/[\s,/]+/).some((word) => matrices.includes(word));
  const [, width, height] = /\s(\d{2,5})x(\d{2,5})\b/.exec(line) ?? [];
  const lines = Math.min(Number(width), Number(height));
  const [, across, down] = /SAR (\d+):(\d+)/.exec(line) ?? [];
  const aspect = Number(across) / Number(down);
  return {
    guessedMatrix: isTold ? undefined : lines >= highDefinition ? 'bt709' : 'bt601',
    pixelAspect: aspect > 0 && Number.isFinite(aspect) ? aspect : 1,
  };
}

/** From the words of `blackdetect`, such as `black_start:0 black_end:1.2 black_duration:1.2`; 0 where nothing is black. */
export const longestBlackMs = (words: string): number =>
  Math.max(
    0,
    ...[...words.matchAll(/black_duration:\s*([\d.]+)/g)].map(([, length]) => Math.round(Number(length) * 1_000)),
  );
