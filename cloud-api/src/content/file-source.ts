import { open } from 'node:fs/promises';
import { videoFault } from './video-fault.ts';
import { readMp4, type Mp4Facts } from './mp4.ts';

/** `readMp4` on a file. */
export async function readMp4File(path: string): Promise<Mp4Facts> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return await readMp4({
      size,
      async read(offset, length) {
        const bytes = new Uint8Array(length);
        const { bytesRead } = await file.read(bytes, 0, length, offset);
        if (bytesRead !== length) throw videoFault('video-truncated');
        return bytes;
      },
    });
  } finally {
    await file.close();
  }
}
