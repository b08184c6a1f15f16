import { ByteReader, videoFault } from './byte-reader.ts';

/** Random access to a file, so that a video of any size is read in a few small pieces. */
export interface ByteSource {
  readonly size: number;
  /** Exactly `length` bytes from `offset`; both lie inside `size`. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

interface VideoTrack {
  /** Sample entry: `avc1`, `hvc1`, … */
  readonly codec: string;
  /** As shown, after the rotation that the file asks for. */
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  readonly frames: number;
  /** Every frame lasts equally long. */
  readonly constantRate: boolean;
  /** Frames are shown in another order than stored. */
  readonly reordered: boolean;
  /** From the decoder configuration of H.264 (ISO/IEC 14496-15 §5.3.3.1); null for other codecs. */
  readonly avc: { readonly profile: number; readonly level: number } | null;
}

export interface Mp4Facts {
  readonly brand: string;
  readonly durationMs: number;
  readonly video: VideoTrack;
  /** Sample entry of the first sound track, `mp4a` for AAC; null without one. */
  readonly audioCodec: string | null;
  /** The index stands before the media, so that playing starts before the file is whole. */
  readonly fastStart: boolean;
}

const topLevelBoxesMax = 4_096;
const indexBytesMax = 16 * 1024 * 1024;
const tracksMax = 16;
const childBoxesMax = 1_024;
const timeRunsMax = 1_000_000;

/**
 * Reads what a file claims to be, without decoding a frame. Reads box headers, `ftyp` and `moov` only.
 * Rejects with DomainError: `video-not-mp4`, `video-truncated`, `video-malformed`, `video-fragmented`, `video-no-picture`.
 * Source: ISO/IEC 14496-12 §4.3 (ftyp), §8.2 (moov), §8.3 (trak), §8.4 (mdia), §8.5 (stsd), §8.6 (stts, ctts).
 */
export async function readMp4(source: ByteSource): Promise<Mp4Facts> {
  const layout = await findBoxes(source);
  const brand = new ByteReader(await source.read(layout.ftyp.body, Math.min(layout.ftyp.bytes, 16))).fourCc();
  if (layout.moov.bytes > indexBytesMax) throw videoFault('video-malformed', { box: 'moov', bytes: layout.moov.bytes });
  const movie = readMovie(await source.read(layout.moov.body, layout.moov.bytes));
  return { brand, ...movie, fastStart: layout.moov.body < layout.mdat.body };
}

interface Box {
  readonly type: string;
  readonly body: number;
  readonly bytes: number;
}

async function findBoxes(source: ByteSource): Promise<{ ftyp: Box; moov: Box; mdat: Box }> {
  const found = new Map<string, Box>();
  let at = 0;
  for (let count = 0; at < source.size; count += 1) {
    if (count === topLevelBoxesMax) throw videoFault('video-malformed', { boxes: count });
    const box = await readHeader(source, at);
    if (count === 0 && (box.type !== 'ftyp' || box.bytes < 4)) throw videoFault('video-not-mp4');
    if (box.body + box.bytes > source.size) throw videoFault('video-truncated', { box: box.type });
    if (box.type === 'moof') throw videoFault('video-fragmented');
    if (!found.has(box.type)) found.set(box.type, box);
    at = box.body + box.bytes;
  }
  const [ftyp, moov, mdat] = [found.get('ftyp'), found.get('moov'), found.get('mdat')];
  if (!ftyp) throw videoFault('video-not-mp4');
  if (!moov || !mdat) throw videoFault('video-truncated', { missing: moov ? 'mdat' : 'moov' });
  return { ftyp, moov, mdat };
}

/** Size 1 means that a 64-bit size follows, size 0 that the box runs to the end of the file (§4.2). */
async function readHeader(source: ByteSource, at: number): Promise<Box> {
  const left = source.size - at;
  if (left < 8) throw videoFault(at === 0 ? 'video-not-mp4' : 'video-truncated');
  const reader = new ByteReader(await source.read(at, Math.min(16, left)));
  const size = reader.u32();
  const type = reader.fourCc();
  if (at === 0 && type !== 'ftyp') throw videoFault('video-not-mp4');
  if (size === 0) return { type, body: at + 8, bytes: left - 8 };
  if (size !== 1) return checked({ type, body: at + 8, bytes: size - 8 });
  if (left < 16) throw videoFault('video-truncated');
  return checked({ type, body: at + 16, bytes: reader.u64() - 16 });
}

function checked(box: Box): Box {
  if (box.bytes < 0) throw videoFault('video-malformed', { box: box.type });
  return box;
}

/** The boxes inside a box; bounded, and none may stick out. */
function* children(bytes: Uint8Array): Generator<{ readonly type: string; readonly body: Uint8Array }> {
  const reader = new ByteReader(bytes);
  for (let count = 0; reader.left >= 8; count += 1) {
    if (count === childBoxesMax) throw videoFault('video-malformed', { boxes: count });
    const size = reader.u32();
    const type = reader.fourCc();
    if (size === 0) return yield { type, body: reader.take(reader.left) };
    const bodyBytes = size === 1 ? reader.u64() - 16 : size - 8;
    if (bodyBytes < 0) throw videoFault('video-malformed', { box: type });
    yield { type, body: reader.take(bodyBytes) };
  }
}

const child = (bytes: Uint8Array, type: string): Uint8Array | undefined => {
  for (const box of children(bytes)) if (box.type === type) return box.body;
  return undefined;
};

function need(bytes: Uint8Array, type: string): Uint8Array {
  const found = child(bytes, type);
  if (!found) throw videoFault('video-malformed', { missing: type });
  return found;
}

function readMovie(moov: Uint8Array): Pick<Mp4Facts, 'durationMs' | 'video' | 'audioCodec'> {
  if (child(moov, 'mvex')) throw videoFault('video-fragmented');
  let video: VideoTrack | undefined;
  let audioCodec: string | null = null;
  let tracks = 0;
  for (const { type, body } of children(moov)) {
    if (type !== 'trak') continue;
    if ((tracks += 1) > tracksMax) throw videoFault('video-malformed', { tracks });
    const mdia = need(body, 'mdia');
    const handler = handlerOf(mdia);
    if (handler === 'vide') video ??= readVideoTrack(body, mdia);
    if (handler === 'soun') audioCodec ??= sampleEntry(mdia).codec;
  }
  if (!video) throw videoFault('video-no-picture');
  return { durationMs: video.durationMs, video, audioCodec };
}

function handlerOf(mdia: Uint8Array): string {
  const reader = new ByteReader(need(mdia, 'hdlr'));
  reader.skip(8);
  return reader.fourCc();
}

function readVideoTrack(trak: Uint8Array, mdia: Uint8Array): VideoTrack {
  const { timescale, duration } = readMediaHeader(need(mdia, 'mdhd'));
  const tables = need(need(mdia, 'minf'), 'stbl');
  const { frames, ticks, constantRate } = readTimes(need(tables, 'stts'));
  const { codec, entry } = sampleEntry(mdia);
  const size = readPictureSize(entry);
  const turned = isTurned(need(trak, 'tkhd'));
  if (frames === 0) throw videoFault('video-no-picture');
  return {
    codec,
    width: turned ? size.height : size.width,
    height: turned ? size.width : size.height,
    // Whichever is longer: a header that lies about the length must not get a long video in.
    durationMs: Math.round((Math.max(duration, ticks) * 1_000) / timescale),
    frames,
    constantRate,
    reordered: child(tables, 'ctts') !== undefined,
    avc: codec === 'avc1' || codec === 'avc3' ? readAvc(entry) : null,
  };
}

/** §8.4.2: version 1 has 64-bit times. */
function readMediaHeader(mdhd: Uint8Array): { timescale: number; duration: number } {
  const reader = new ByteReader(mdhd);
  const wide = reader.u8() === 1;
  reader.skip(3 + (wide ? 16 : 8));
  const timescale = reader.u32();
  const duration = wide ? reader.u64() : reader.u32();
  if (timescale === 0) throw videoFault('video-malformed', { field: 'timescale' });
  return { timescale, duration };
}

/** §8.6.1.2: runs of (count, ticks each). The last frame may last differently, as some cameras leave it. */
function readTimes(stts: Uint8Array): { frames: number; ticks: number; constantRate: boolean } {
  const reader = new ByteReader(stts);
  reader.skip(4);
  const runs = reader.u32();
  if (runs > timeRunsMax || runs * 8 > reader.left) throw videoFault('video-malformed', { box: 'stts' });
  let [frames, ticks] = [0, 0];
  const lengths = new Set<number>();
  for (let run = 0; run < runs; run += 1) {
    const count = reader.u32();
    const each = reader.u32();
    frames += count;
    ticks += count * each;
    if (run < runs - 1 || count > 1 || runs === 1) lengths.add(each);
  }
  return { frames, ticks, constantRate: lengths.size <= 1 };
}

/** §8.5.2: the first sample entry says the codec. */
function sampleEntry(mdia: Uint8Array): { codec: string; entry: Uint8Array } {
  const stsd = need(need(need(mdia, 'minf'), 'stbl'), 'stsd');
  if (stsd.length < 8) throw videoFault('video-malformed', { box: 'stsd' });
  for (const { type, body } of children(stsd.subarray(8))) return { codec: type, entry: body };
  throw videoFault('video-malformed', { box: 'stsd' });
}

/** §12.1.3: a visual sample entry has its size at bytes 24 to 27. */
function readPictureSize(entry: Uint8Array): { width: number; height: number } {
  const reader = new ByteReader(entry);
  reader.skip(24);
  return { width: reader.u16(), height: reader.u16() };
}

const visualEntryBytes = 78;

function readAvc(entry: Uint8Array): { profile: number; level: number } {
  if (entry.length < visualEntryBytes) throw videoFault('video-malformed', { box: 'avc1' });
  const reader = new ByteReader(need(entry.subarray(visualEntryBytes), 'avcC'));
  reader.skip(1);
  const profile = reader.u8();
  reader.skip(1);
  return { profile, level: reader.u8() };
}

/** §8.3.2: the matrix {a b u, c d v, x y w}; a quarter turn has a = d = 0. Phones store upright videos lying down. */
function isTurned(tkhd: Uint8Array): boolean {
  const reader = new ByteReader(tkhd);
  const wide = reader.u8() === 1;
  reader.skip(3 + (wide ? 32 : 20) + 16);
  const [a, b] = [reader.i32(), reader.i32()];
  return a === 0 && b !== 0;
}
