import { BitReader } from './bit-reader.ts';

/** What a decoder will really make of the picture, whatever the boxes around it claim. */
export interface CodedPicture {
  readonly bitDepth: number;
  /** In whole blocks, before anything is cut off: what a decoder needs memory for. */
  readonly width: number;
  readonly height: number;
}

/** Profiles whose parameter sets say chroma format and depth (ISO/IEC 14496-10 §7.3.2.1.1). */
const avcProfilesWithDepth = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
const chroma444 = 3;
const blockPixels = 16;

/** H.264's sequence parameter set (ISO/IEC 14496-10 §7.3.2.1.1), with its one byte of NAL header. */
export function readAvcParameterSet(nal: Uint8Array): CodedPicture {
  const reader = new BitReader(nal.subarray(1));
  const profile = reader.bits(8);
  reader.skip(16);
  reader.golomb();
  const bitDepth = avcProfilesWithDepth.has(profile) ? readAvcDepth(reader) : 8;
  reader.golomb();
  skipPictureOrder(reader);
  reader.golomb();
  reader.skip(1);
  const [columns, rows] = [reader.golomb() + 1, reader.golomb() + 1];
  const fieldsPerRow = reader.flag() ? 1 : 2;
  return { bitDepth, width: columns * blockPixels, height: rows * fieldsPerRow * blockPixels };
}

function readAvcDepth(reader: BitReader): number {
  const chromaFormat = reader.golomb();
  if (chromaFormat === chroma444) reader.skip(1);
  const bitDepth = 8 + Math.max(reader.golomb(), reader.golomb());
  reader.skip(1);
  if (reader.flag()) skipScalingLists(reader, chromaFormat === chroma444 ? 12 : 8);
  return bitDepth;
}

/** §7.3.2.1.1.1: each list stops being written once its next scale is 0. */
function skipScalingLists(reader: BitReader, lists: number): void {
  for (let list = 0; list < lists; list += 1) {
    if (!reader.flag()) continue;
    let [last, next] = [8, 8];
    for (let i = 0; i < (list < 6 ? 16 : 64); i += 1) {
      if (next !== 0) next = (last + reader.signedGolomb() + 256) % 256;
      last = next === 0 ? last : next;
    }
  }
}

const cycleMax = 255;

function skipPictureOrder(reader: BitReader): void {
  const type = reader.golomb();
  if (type === 0) reader.golomb();
  if (type !== 1) return;
  reader.skip(1);
  reader.golomb();
  reader.golomb();
  const cycle = Math.min(cycleMax, reader.golomb());
  for (let i = 0; i < cycle; i += 1) reader.golomb();
}

/** H.265's sequence parameter set (ISO/IEC 23008-2 §7.3.2.2.1), with its two bytes of NAL header. */
export function readHevcParameterSet(nal: Uint8Array): CodedPicture {
  const reader = new BitReader(nal.subarray(2));
  reader.skip(4);
  const subLayers = reader.bits(3);
  reader.skip(1);
  skipProfileTierLevel(reader, subLayers);
  reader.golomb();
  if (reader.golomb() === chroma444) reader.skip(1);
  const [width, height] = [reader.golomb(), reader.golomb()];
  if (reader.flag()) for (let side = 0; side < 4; side += 1) reader.golomb();
  return { bitDepth: 8 + Math.max(reader.golomb(), reader.golomb()), width, height };
}

/** §7.3.3: 96 bits in general, then flags, padding and 88 or 8 bits for each sub-layer that has them. */
function skipProfileTierLevel(reader: BitReader, subLayers: number): void {
  reader.skip(96);
  const present = Array.from({ length: subLayers }, () => ({ profile: reader.flag(), level: reader.flag() }));
  if (subLayers > 0) reader.skip(2 * (8 - subLayers));
  for (const { profile, level } of present) reader.skip((profile ? 88 : 0) + (level ? 8 : 0));
}
