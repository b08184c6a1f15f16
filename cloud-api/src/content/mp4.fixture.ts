import type { ByteSource } from './mp4.ts';

/** Small MP4 files made box by box, right or wrong on purpose. */
export interface Mp4Shape {
  /** `qt  ` from an iPhone. */
  readonly brand?: string;
  readonly width?: number;
  readonly height?: number;
  readonly durationMs?: number;
  readonly framesPerSecond?: number;
  readonly codec?: string;
  readonly avcProfile?: number;
  readonly avcLevel?: number;
  readonly audio?: string | null;
  readonly indexFirst?: boolean;
  readonly turned?: boolean;
  readonly video?: boolean;
  readonly reordered?: boolean;
  readonly fragmented?: boolean;
  /** Bytes of the sequence parameter set in the decoder configuration; none by default. */
  readonly parameterSet?: Uint8Array;
  /** Bits a colour in an `hvcC`. */
  readonly hevcDepth?: number;
  /** The whole `hvcC` instead. */
  readonly hvcC?: Uint8Array;
  /** Where the chunk of all samples is said to begin; default: where it does. */
  readonly chunkAt?: number;
  /** How many sizes of samples are listed; default: as many as there are frames. */
  readonly sizes?: number;
  /** Further chunks that are listed and hold nothing. */
  readonly emptyChunks?: number;
  /** The picture lies in another file, at this address. */
  readonly dataAt?: string;
  /** More boxes for the index. */
  readonly extra?: readonly Uint8Array[];
}

const u16 = (n: number) => Buffer.from([n >> 8, n & 255]);
const u32 = (n: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(n | 0);
  return bytes;
};
const zeros = (n: number) => Buffer.alloc(n);

export function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body]);
}

const timescale = 12_800;
const framesOf = ({ durationMs = 6_000, framesPerSecond = 25 }: Mp4Shape): number =>
  Math.round((durationMs * framesPerSecond) / 1_000);
const mediaBytes = (s: Mp4Shape): number => Math.max(1_000, framesOf(s));

function avcConfig({ avcProfile = 66, avcLevel = 31, parameterSet }: Mp4Shape): Buffer {
  const head = Buffer.from([1, avcProfile, 0xc0, avcLevel, 0xff, parameterSet ? 0xe1 : 0xe0]);
  return box('avcC', head, ...(parameterSet ? [u16(parameterSet.length), parameterSet, zeros(1)] : [zeros(1)]));
}

function hevcConfig({ hevcDepth = 8, parameterSet, hvcC }: Mp4Shape): Buffer {
  if (hvcC) return box('hvcC', hvcC);
  const sets = parameterSet ? [Buffer.from([1, 33]), u16(1), u16(parameterSet.length), parameterSet] : [zeros(1)];
  return box('hvcC', zeros(17), Buffer.from([hevcDepth - 8, hevcDepth - 8]), zeros(3), ...sets);
}

/** All samples in one chunk of equally long ones. */
function samplesIn(s: Mp4Shape, mediaAt: number): Buffer[] {
  const frames = framesOf(s);
  const { chunkAt = mediaAt, sizes = frames, emptyChunks = 0 } = s;
  const each = Math.floor(mediaBytes(s) / Math.max(1, frames));
  return [
    box('stsc', zeros(4), u32(1), u32(1), u32(frames), u32(1)),
    box('stsz', zeros(4), u32(each), u32(sizes)),
    box('stco', zeros(4), u32(1 + emptyChunks), u32(chunkAt), zeros(4 * emptyChunks)),
  ];
}

function videoTrack(s: Mp4Shape, mediaAt: number): Buffer {
  const { width = 720, height = 1280, durationMs = 6_000, framesPerSecond = 25, codec = 'avc1' } = s;
  const frames = framesOf(s);
  const config = codec.startsWith('avc') ? avcConfig(s) : hevcConfig(s);
  const entry = box(codec, zeros(24), u16(width), u16(height), zeros(50), config);
  const stbl = box(
    'stbl',
    box('stsd', zeros(4), u32(1), entry),
    box('stts', zeros(4), u32(1), u32(frames), u32(Math.round(timescale / framesPerSecond))),
    ...(s.reordered ? [box('ctts', zeros(8))] : []),
    ...samplesIn(s, mediaAt),
  );
  const matrix = s.turned ? [0, 0x10000, 0, -0x10000, 0, 0] : [0x10000, 0, 0, 0, 0x10000, 0];
  return box(
    'trak',
    box('tkhd', zeros(24), zeros(16), ...matrix.map(u32), zeros(12), u32(width << 16), u32(height << 16)),
    box(
      'mdia',
      box('mdhd', zeros(12), u32(timescale), u32((durationMs * timescale) / 1_000), zeros(4)),
      box('hdlr', zeros(8), Buffer.from('vide'), zeros(13)),
      box('minf', box('dinf', box('dref', zeros(4), u32(1), reference(s.dataAt))), stbl),
    ),
  );
}

const reference = (address: string | undefined): Buffer =>
  address === undefined ? box('url ', u32(1)) : box('url ', u32(0), Buffer.from(`${address}\0`));

function audioTrack(codec: string): Buffer {
  const stbl = box('stbl', box('stsd', zeros(4), u32(1), box(codec, zeros(28))));
  return box('trak', box('mdia', box('hdlr', zeros(8), Buffer.from('soun'), zeros(13)), box('minf', stbl)));
}

export function mp4File(shape: Mp4Shape = {}): Buffer {
  const ftyp = box('ftyp', Buffer.from(shape.brand ?? 'isom'), u32(512), Buffer.from('isomiso2avc1mp41'));
  const moov = (mediaAt: number): Buffer => {
    const tracks = [
      ...(shape.video === false ? [] : [videoTrack(shape, mediaAt)]),
      ...(shape.audio === null ? [] : [audioTrack(shape.audio ?? 'mp4a')]),
    ];
    const more = [...(shape.fragmented ? [box('mvex', zeros(8))] : []), ...(shape.extra ?? [])];
    return box('moov', box('mvhd', zeros(100)), ...tracks, ...more);
  };
  const mdat = box('mdat', zeros(mediaBytes(shape)));
  if (shape.indexFirst === false) return Buffer.concat([ftyp, mdat, moov(ftyp.length + 8)]);
  return Buffer.concat([ftyp, moov(ftyp.length + moov(0).length + 8), mdat]);
}

export const bytesSource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
});
