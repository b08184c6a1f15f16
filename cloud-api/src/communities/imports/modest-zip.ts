import { crc32, inflateRawSync } from 'node:zlib';

/** All parts of a workbook together; 20,000 rows with all the columns that we read take a third of it. */
export const unpackedBytesMax = 64 * 1024 * 1024;
const entriesMax = 200;

/** The file is no ZIP that a spreadsheet program writes, or holds more than it should. */
export class ZipFault extends Error {
  readonly tooLarge: boolean;

  constructor(message: string, { tooLarge = false }: { readonly tooLarge?: boolean } = {}) {
    super(message);
    this.name = 'ZipFault';
    this.tooLarge = tooLarge;
  }
}

interface Entry {
  readonly name: Buffer;
  readonly data: Buffer;
}

/**
 * The same archive with its parts unpacked, after each was unpacked here within a bound: what a small file claims to unpack to is not believed,
 * and whoever reads the result meets no compression any more. Only what the directory at the end names is in it. Throws ZipFault.
 *
 * @see APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory) and 4.3.16 (its end)
 */
export function modestZip(zip: Buffer, bytesMax = unpackedBytesMax): Buffer {
  let left = bytesMax;
  const entries: Entry[] = [];
  for (const { name, method, offset, packedBytes } of directoryOf(zip)) {
    const data = unpacked(packedData(zip, offset, packedBytes), method, left);
    left -= data.length;
    entries.push({ name, data });
  }
  return stored(entries);
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const entryBytes = 46;
const localBytes = 30;
const commentMax = 0xffff;

function* directoryOf(zip: Buffer) {
  const end = endOf(zip);
  const count = zip.readUInt16LE(end + 10);
  if (count > entriesMax) throw new ZipFault('too many parts', { tooLarge: true });
  let at = zip.readUInt32LE(end + 16);
  for (let n = 0; n < count; n += 1) {
    if (at + entryBytes > zip.length || zip.readUInt32LE(at) !== entrySignature) throw new ZipFault('no directory');
    const nameBytes = zip.readUInt16LE(at + 28);
    yield {
      name: zip.subarray(at + entryBytes, at + entryBytes + nameBytes),
      method: zip.readUInt16LE(at + 10),
      packedBytes: zip.readUInt32LE(at + 20),
      offset: zip.readUInt32LE(at + 42),
    };
    at += entryBytes + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
}

/** The end record stands last, but for a comment. */
function endOf(zip: Buffer): number {
  const from = Math.max(0, zip.length - endBytes - commentMax);
  for (let at = zip.length - endBytes; at >= from; at -= 1) {
    if (zip.readUInt32LE(at) === endSignature) return at;
  }
  throw new ZipFault('no end of a directory');
}

function packedData(zip: Buffer, offset: number, bytes: number): Buffer {
  if (offset + localBytes > zip.length || zip.readUInt32LE(offset) !== localSignature) throw new ZipFault('no part');
  const from = offset + localBytes + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
  if (from + bytes > zip.length) throw new ZipFault('a part is cut off');
  return zip.subarray(from, from + bytes);
}

function unpacked(data: Buffer, method: number, bytesMax: number): Buffer {
  if (method === 0) {
    if (data.length > bytesMax) throw new ZipFault('too much', { tooLarge: true });
    return data;
  }
  if (method !== 8) throw new ZipFault('packed in a way that spreadsheets do not use');
  try {
    // Zero would mean no bound.
    return inflateRawSync(data, { maxOutputLength: Math.max(1, bytesMax) });
  } catch (error) {
    const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw new ZipFault('a part cannot be unpacked', { tooLarge });
  }
}

/** A ZIP without compression. */
function stored(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data } of entries) {
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt32LE(crc32(data), 10);
    facts.writeUInt32LE(data.length, 14);
    facts.writeUInt32LE(data.length, 18);
    facts.writeUInt16LE(name.length, 22);
    parts.push(uint32(localSignature), facts, name, data);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(uint32(entrySignature), facts.subarray(0, 2), facts, place, name);
    offset += localBytes + name.length + data.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(endBytes);
  end.writeUInt32LE(endSignature, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listed, end]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
