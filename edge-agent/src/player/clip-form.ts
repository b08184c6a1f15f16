import { open, type FileHandle } from 'node:fs/promises';

/** Boxes of a file's top level that are looked at; a clip has five or so. */
const boxesMax = 64;
/** The index of a clip is kilobytes. */
const indexBytesMax = 4 * 1024 * 1024;

/**
 * Whether a file has the form of a clip that the screen can decode: an MP4 with an index that names an H.264 track (ISO/IEC 14496-12 4.2, 14496-15
 * `avc1`). What its frames hold only the screen can say.
 */
export async function hasClipForm(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const seen = new Map<string, Box>();
    for await (const box of boxesOf(file)) seen.set(box.type, box);
    const index = seen.get('moov');
    if (!seen.has('ftyp') || !seen.has('mdat') || !index || index.bytes > indexBytesMax) return false;
    const { buffer } = await file.read(Buffer.alloc(index.bytes), 0, index.bytes, index.at);
    return buffer.includes('avc1', 0, 'latin1');
  } finally {
    await file.close();
  }
}

interface Box {
  readonly type: string;
  readonly at: number;
  readonly bytes: number;
}

/** Ends at the first that cannot be one. */
async function* boxesOf(file: FileHandle): AsyncGenerator<Box> {
  const { size } = await file.stat();
  const header = Buffer.alloc(16);
  for (let at = 0, count = 0; at + 8 <= size && count < boxesMax; count += 1) {
    await file.read(header, 0, 16, at);
    const short = header.readUInt32BE(0);
    // 0: to the end of the file; 1: the length follows in 64 bits.
    const bytes = short === 0 ? size - at : short === 1 ? Number(header.readBigUInt64BE(8)) : short;
    if (bytes < 8 || at + bytes > size) return;
    yield { type: header.toString('latin1', 4, 8), at, bytes };
    at += bytes;
  }
}
