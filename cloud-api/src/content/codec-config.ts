import { ByteReader } from './byte-reader.ts';
import { child } from './mp4-boxes.ts';
import { readAvcParameterSet, readHevcParameterSet, type CodedPicture } from './parameter-sets.ts';
import { videoFault } from './video-fault.ts';

export interface CodecConfig extends CodedPicture {
  /** H.264 only. */
  readonly avc: { readonly profile: number; readonly level: number } | null;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A visual sample entry's own fields, before its boxes (ISO/IEC 14496-12 §12.1.3). */
const visualEntryBytes = 78;
const hevcParameterSet = 33;
const usualDepth = 8;
/** An honest file has a handful; millions of empty ones would keep the program busy. */
const unitsMax = 256;

/**
 * What a sample entry says of its coding: from H.264's and H.265's decoder configuration and the first parameter set in it, as a decoder would believe
 * them. Other codings, and entries that keep their parameter sets among the pictures, have the entry's own size and 8 bits.
 * Source: ISO/IEC 14496-15 §5.3.3.1 (avcC), §8.3.3.1 (hvcC).
 */
export function readCodecConfig(codec: string, entry: Uint8Array, size: Size): CodecConfig {
  const boxes = entry.subarray(visualEntryBytes);
  const plain = { ...size, bitDepth: usualDepth, avc: null };
  if (codec === 'avc1' || codec === 'avc3') return readAvc(needed(boxes, 'avcC', codec), size);
  if (codec === 'hvc1' || codec === 'hev1') return { ...plain, ...readHevc(needed(boxes, 'hvcC', codec), size) };
  return plain;
}

function needed(boxes: Uint8Array, type: string, codec: string): Uint8Array {
  const found = child(boxes, type);
  if (!found) throw videoFault('video-malformed', { box: codec, missing: type });
  return found;
}

function readAvc(avcC: Uint8Array, size: Size): CodecConfig {
  const reader = new ByteReader(avcC);
  reader.skip(1);
  const profile = reader.u8();
  reader.skip(1);
  const level = reader.u8();
  reader.skip(1);
  const sets = reader.u8() & 31;
  const picture = sets > 0 ? readAvcParameterSet(reader.take(reader.u16())) : { ...size, bitDepth: usualDepth };
  return { ...picture, avc: { profile, level } };
}

function readHevc(hvcC: Uint8Array, size: Size): CodedPicture {
  const reader = new ByteReader(hvcC);
  reader.skip(17);
  const bitDepth = usualDepth + Math.max(reader.u8() & 7, reader.u8() & 7);
  reader.skip(3);
  let seen = 0;
  for (let arrays = reader.u8(); arrays > 0; arrays -= 1) {
    const type = reader.u8() & 63;
    for (let units = reader.u16(); units > 0; units -= 1) {
      const unit = reader.take(reader.u16());
      if ((seen += 1) > unitsMax) throw videoFault('video-malformed', { box: 'hvcC', units: seen });
      if (type !== hevcParameterSet) continue;
      const picture = readHevcParameterSet(unit);
      return { ...picture, bitDepth: Math.max(bitDepth, picture.bitDepth) };
    }
  }
  return { ...size, bitDepth };
}
