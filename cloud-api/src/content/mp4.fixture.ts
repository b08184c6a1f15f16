import type { ByteSource } from './mp4.ts';

/** Small MP4 files made box by box, right or wrong on purpose. */
export interface Mp4Shape {
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

function videoTrack(s: Mp4Shape): Buffer {
  const { width = 720, height = 1280, durationMs = 8_000, framesPerSecond = 25, codec = 'avc1' } = s;
  const frames = Math.round((durationMs * framesPerSecond) / 1_000);
  const avcC = box('avcC', Buffer.from([1, s.avcProfile ?? 66, 0xc0, s.avcLevel ?? 31, 0xff, 0xe0, 0]));
  const entry = box(codec, zeros(24), u16(width), u16(height), zeros(50), avcC);
  const stbl = box(
    'stbl',
    box('stsd', zeros(4), u32(1), entry),
    box('stts', zeros(4), u32(1), u32(frames), u32(Math.round(timescale / framesPerSecond))),
    ...(s.reordered ? [box('ctts', zeros(8))] : []),
  );
  const matrix = s.turned ? [0, 0x10000, 0, -0x10000, 0, 0] : [0x10000, 0, 0, 0, 0x10000, 0];
  return box(
    'trak',
    box('tkhd', zeros(24), zeros(16), ...matrix.map(u32), zeros(12), u32(width << 16), u32(height << 16)),
    box(
      'mdia',
      box('mdhd', zeros(12), u32(timescale), u32((durationMs * timescale) / 1_000), zeros(4)),
      box('hdlr', zeros(8), Buffer.from('vide'), zeros(13)),
      box('minf', stbl),
    ),
  );
}

function audioTrack(codec: string): Buffer {
  const stbl = box('stbl', box('stsd', zeros(4), u32(1), box(codec, zeros(28))));
  return box('trak', box('mdia', box('hdlr', zeros(8), Buffer.from('soun'), zeros(13)), box('minf', stbl)));
}

export function mp4File(shape: Mp4Shape = {}): Buffer {
  const ftyp = box('ftyp', Buffer.from('isom'), u32(512), Buffer.from('isomiso2avc1mp41'));
  const tracks = [
    ...(shape.video === false ? [] : [videoTrack(shape)]),
    ...(shape.audio === null ? [] : [audioTrack(shape.audio ?? 'mp4a')]),
  ];
  const moov = box('moov', box('mvhd', zeros(100)), ...tracks, ...(shape.fragmented ? [box('mvex', zeros(8))] : []));
  const mdat = box('mdat', zeros(1_000));
  return Buffer.concat(shape.indexFirst === false ? [ftyp, mdat, moov] : [ftyp, moov, mdat]);
}

export const bytesSource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
});
