import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What is being written, until it takes the place of the file. A crash may leave it; the next write begins it anew. */
export const draftOf = (path: string): string => `${path}.new`;

/**
 * Replaces a file that only its owner may read, or makes it. Resolves when bytes and name are on the disk; before that, a power cut
 * leaves the old file whole. Two at once for one path would disturb each other. Rejects with the system's error.
 */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const draft = await open(draftOf(path), 'w', 0o600);
  try {
    // A draft that a crash left keeps the mode that it had.
    await draft.chmod(0o600);
    await draft.writeFile(bytes);
    await draft.sync();
  } finally {
    await draft.close();
  }
  await rename(draftOf(path), path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
