/** What of a tar archive (POSIX ustar) is needed for files of our own: names of up to 100 ASCII characters, no folders, no owners, no times. */
const blockBytes = 512;

const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits - 1, '0')}\0`;

function checksumOf(header: Uint8Array): number {
  // The field itself counts as spaces.
  return header.reduce((sum, byte, n) => sum + (n >= 148 && n < 156 ? 32 : byte), 0);
}

/** One file of an archive, padded to whole blocks. */
export function tarEntry(name: string, content: Uint8Array): Uint8Array {
  const entry = Buffer.alloc(blockBytes * (1 + Math.ceil(content.length / blockBytes)));
  entry.write(name, 0, 100, 'ascii');
  entry.write(octal(0o644, 8), 100, 'ascii');
  entry.write(octal(0, 8), 108, 'ascii');
  entry.write(octal(0, 8), 116, 'ascii');
  entry.write(octal(content.length, 12), 124, 'ascii');
  entry.write(octal(0, 12), 136, 'ascii');
  entry.write('ustar\x0000', 257, 'ascii');
  entry[156] = 0x30;
  entry.fill(0, 157, 257);
  entry.write(octal(checksumOf(entry.subarray(0, blockBytes)), 7), 148, 'ascii');
  entry[155] = 0x20;
  entry.set(content, blockBytes);
  return entry;
}

export const tarEnd = (): Uint8Array => new Uint8Array(2 * blockBytes);

/** An archive is none, or not one of ours. */
export class UnreadableTar extends Error {}

export interface TarFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** The files of an archive, one at a time. `read` gives so many bytes from a place on. Rejects with UnreadableTar for a file larger than `bytesMax`, or what is no archive. */
export async function* tarFiles(
  read: (from: number, bytes: number) => Promise<Uint8Array>,
  bytesMax: number,
): AsyncIterable<TarFile> {
  for (let at = 0; ;) {
    const header = await read(at, blockBytes);
    if (header.length < blockBytes) throw new UnreadableTar('the archive was cut off');
    if (header.every((byte) => byte === 0)) return;
    const text = (from: number, to: number) =>
      Buffer.from(header.subarray(from, to)).toString('latin1').split('\0')[0] ?? '';
    if (Number.parseInt(text(148, 156), 8) !== checksumOf(header)) throw new UnreadableTar('a header was changed');
    const size = Number.parseInt(text(124, 136), 8);
    if (!Number.isSafeInteger(size) || size > bytesMax) throw new UnreadableTar('a file of it is too large');
    const content = await read(at + blockBytes, size);
    if (content.length < size) throw new UnreadableTar('the archive was cut off');
    yield { name: text(0, 100), content };
    at += blockBytes * (1 + Math.ceil(size / blockBytes));
  }
}
