import { ByteReader } from './byte-reader.ts';
import { child, need } from './mp4-boxes.ts';
import { videoFault } from './video-fault.ts';

/** Four hours at 30 pictures a second: beyond, nobody uploads by mistake. */
const samplesMax = 432_000;
/** What a clip may have is fewer: of longer ones the length says enough, and following them would keep everybody else waiting. */
const followedMax = 20_000;

/** §8.6.1.2: runs of (count, ticks each). The last frame may last differently, as some cameras leave it. */
export function readTimes(stbl: Uint8Array): { frames: number; ticks: number; constantRate: boolean } {
  const { reader, count: runs } = table(need(stbl, 'stts'), 'stts', 8);
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

/**
 * Follows the tables to where each chunk of samples would be read, so that none leads out of the file. Throws DomainError `video-truncated` where one
 * does, `video-malformed` where the tables contradict each other. Source: ISO/IEC 14496-12 §8.7.3 (stsz), §8.7.4 (stsc), §8.7.5 (stco, co64).
 */
export function requireSamples(stbl: Uint8Array, frames: number, fileBytes: number): void {
  if (frames > followedMax) return;
  const sizes = readSizes(need(stbl, 'stsz'));
  if (sizes.count !== frames) throw videoFault('video-malformed', { box: 'stsz', frames, sizes: sizes.count });
  const offsets = readOffsets(stbl, frames);
  const perChunk = readChunkRuns(need(stbl, 'stsc'), frames);
  let sample = 0;
  for (const [chunk, offset] of offsets.entries()) {
    let end = offset;
    for (let left = perChunk(chunk); left > 0; left -= 1) {
      if (sample === frames) throw videoFault('video-malformed', { box: 'stsc', frames });
      end += sizes.at(sample);
      sample += 1;
    }
    if (end > fileBytes) throw videoFault('video-truncated', { chunk, end, fileBytes });
  }
  if (sample < frames) throw videoFault('video-malformed', { box: 'stsc', frames, reachable: sample });
}

/** One size for all, or a list of them. */
function readSizes(stsz: Uint8Array): { count: number; at: (sample: number) => number } {
  const reader = new ByteReader(stsz);
  reader.skip(4);
  const same = reader.u32();
  const count = reader.u32();
  if (count > samplesMax || (same === 0 && count * 4 > reader.left))
    throw videoFault('video-malformed', { box: 'stsz' });
  const list = new DataView(stsz.buffer, stsz.byteOffset + 12);
  return { count, at: (sample) => (same === 0 ? list.getUint32(sample * 4) : same) };
}

/** A chunk has a sample or more. */
function readOffsets(stbl: Uint8Array, frames: number): number[] {
  const wide = child(stbl, 'co64');
  const { reader, count } = wide ? table(wide, 'co64', 8, frames) : table(need(stbl, 'stco'), 'stco', 4, frames);
  return Array.from({ length: count }, () => (wide ? reader.u64() : reader.u32()));
}

/** Runs of (first chunk, samples in each, description), each until the next begins. The answer is for rising chunks only. */
function readChunkRuns(stsc: Uint8Array, frames: number): (chunk: number) => number {
  const { reader, count } = table(stsc, 'stsc', 12, frames);
  const runs = Array.from({ length: count }, () => {
    const run = { first: reader.u32() - 1, samples: reader.u32() };
    reader.skip(4);
    return run;
  });
  let at = 0;
  return (chunk) => {
    while ((runs[at + 1]?.first ?? Infinity) <= chunk) at += 1;
    return runs[at]?.samples ?? 0;
  };
}

/** A version, flags, and how many entries follow; no more than there are, and than there may be. */
function table(
  box: Uint8Array,
  name: string,
  entryBytes: number,
  entriesMax = samplesMax,
): { reader: ByteReader; count: number } {
  const reader = new ByteReader(box);
  reader.skip(4);
  const count = reader.u32();
  if (count > entriesMax || count * entryBytes > reader.left) throw videoFault('video-malformed', { box: name });
  return { reader, count };
}
