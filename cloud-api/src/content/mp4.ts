import { ByteReader } from './byte-reader.ts';
import { readCodecConfig, type CodecConfig } from './codec-config.ts';
import { child, children, need } from './mp4-boxes.ts';
import { readTimes, requireSamples } from './sample-tables.ts';
import { videoFault } from './video-fault.ts';

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
  readonly avc: CodecConfig['avc'];
  /** As a decoder makes it, in whole blocks and before any rotation. */
  readonly coded: { readonly width: number; readonly height: number };
  /** Bits a colour; more than 8 is HDR as phones film it. */
  readonly bitDepth: number;
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

/**
 * Reads what a file claims to be, without decoding a frame. Reads box headers, `ftyp` and `moov` only.
 * Rejects with DomainError: `video-not-mp4`, `video-truncated`, `video-malformed`, `video-fragmented`, `video-protected`,
 * `video-external`, `video-no-picture`. What it says is checked as far as it can be without decoding: every sample lies in the file, and the size and
 * depth are what a decoder would make.
 * Source: ISO/IEC 14496-12 §4.3 (ftyp), §8.2 (moov), §8.3 (trak), §8.4 (mdia), §8.5 (stsd), §8.6 (stts, ctts), §8.7.2 (dref), §8.12 (sinf).
 */
export async function readMp4(source: ByteSource): Promise<Mp4Facts> {
  const layout = await findBoxes(source);
  const brand = new ByteReader(await source.read(layout.ftyp.body, Math.min(layout.ftyp.bytes, 16))).fourCc();
  if (layout.moov.bytes > indexBytesMax) throw videoFault('video-malformed', { box: 'moov', bytes: layout.moov.bytes });
  const movie = readMovie(await source.read(layout.moov.body, layout.moov.bytes), source.size);
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

function readMovie(moov: Uint8Array, fileBytes: number): Pick<Mp4Facts, 'durationMs' | 'video' | 'audioCodec'> {
  if (child(moov, 'mvex')) throw videoFault('video-fragmented');
  if (child(moov, 'pssh')) throw videoFault('video-protected', { box: 'pssh' });
  // QuickTime's reference movie: addresses of other files.
  if (child(moov, 'rmra')) throw videoFault('video-external', { box: 'rmra' });
  let video: VideoTrack | undefined;
  let audioCodec: string | null = null;
  let tracks = 0;
  for (const { type, body } of children(moov)) {
    if (type !== 'trak') continue;
    if ((tracks += 1) > tracksMax) throw videoFault('video-malformed', { tracks });
    const mdia = need(body, 'mdia');
    const handler = handlerOf(mdia);
    if (handler === 'vide') video ??= readVideoTrack(body, mdia, fileBytes);
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

function readVideoTrack(trak: Uint8Array, mdia: Uint8Array, fileBytes: number): VideoTrack {
  const { timescale, duration } = readMediaHeader(need(mdia, 'mdhd'));
  const tables = need(need(mdia, 'minf'), 'stbl');
  requireOwnData(need(mdia, 'minf'));
  const { frames, ticks, constantRate } = readTimes(tables);
  const { codec, entry } = sampleEntry(mdia);
  const size = readPictureSize(entry);
  const turned = isTurned(need(trak, 'tkhd'));
  if (frames === 0) throw videoFault('video-no-picture');
  requireSamples(tables, frames, fileBytes);
  const { avc, bitDepth, ...coded } = readCodecConfig(codec, entry, size);
  return {
    codec,
    width: turned ? size.height : size.width,
    height: turned ? size.width : size.height,
    // Whichever is longer: a header that lies about the length must not get a long video in.
    durationMs: Math.round((Math.max(duration, ticks) * 1_000) / timescale),
    frames,
    constantRate,
    reordered: child(tables, 'ctts') !== undefined,
    avc,
    coded,
    bitDepth,
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

const selfContained = 1;

/** §8.7.2: samples may lie in other files, by their address; an uploaded one must not make us open any. */
function requireOwnData(minf: Uint8Array): void {
  const dref = child(child(minf, 'dinf') ?? new Uint8Array(), 'dref');
  if (!dref) return;
  for (const { type, body } of children(dref.subarray(8)))
    if (((body[3] ?? 0) & selfContained) === 0) throw videoFault('video-external', { box: type });
}

/** §8.5.2: the first sample entry says the codec; §8.12: `encv` and `enca` stand for one that is encrypted. */
function sampleEntry(mdia: Uint8Array): { codec: string; entry: Uint8Array } {
  const stsd = need(need(need(mdia, 'minf'), 'stbl'), 'stsd');
  if (stsd.length < 8) throw videoFault('video-malformed', { box: 'stsd' });
  for (const { type, body } of children(stsd.subarray(8))) {
    if (type === 'encv' || type === 'enca') throw videoFault('video-protected', { box: type });
    return { codec: type, entry: body };
  }
  throw videoFault('video-malformed', { box: 'stsd' });
}

/** §12.1.3: a visual sample entry has its size at bytes 24 to 27. */
function readPictureSize(entry: Uint8Array): { width: number; height: number } {
  const reader = new ByteReader(entry);
  reader.skip(24);
  return { width: reader.u16(), height: reader.u16() };
}

/** §8.3.2: the matrix {a b u, c d v, x y w}; a quarter turn has a = d = 0. Phones store upright videos lying down. */
function isTurned(tkhd: Uint8Array): boolean {
  const reader = new ByteReader(tkhd);
  const wide = reader.u8() === 1;
  reader.skip(3 + (wide ? 32 : 20) + 16);
  const [a, b] = [reader.i32(), reader.i32()];
  return a === 0 && b !== 0;
}
