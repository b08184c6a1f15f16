import type { BlobStore } from '../platform/blob-store.ts';
import type { Reads, Store, Tx } from '../platform/db/store.ts';

/*
 * Files have their content for a name, so what is uploaded anew may be what is being deleted. Whoever names a file and whoever removes it meet in a lock on
 * that name, each in its transaction: either the name is there before the look, and the file stays, or the file is gone before the look, and is brought again.
 */

const lockOf = (sha256: string): string => `content-file:${sha256}`;

/** In the transaction that names these files: false if one of them is not there (any more), and they are to be brought again. */
export async function areHeld(q: Tx, blobs: Pick<BlobStore, 'size'>, hashes: Iterable<string>): Promise<boolean> {
  // In one order, so that two who hold the same files never wait for each other.
  for (const sha256 of [...new Set(hashes)].sort()) {
    await q.lock(lockOf(sha256));
    if ((await blobs.size(sha256)) === undefined) return false;
  }
  return true;
}

/**
 * Removes a file unless `isNeeded` finds that something names it. It looks outside of the transaction that holds the lock: PostgreSQL shows a transaction what
 * was there when it began to wait for the lock, and not the name that it waited for.
 */
export async function removeUnless(
  store: Store,
  blobs: Pick<BlobStore, 'remove'>,
  sha256: string,
  isNeeded: (q: Reads) => Promise<boolean>,
): Promise<void> {
  await store.tx(async (q) => {
    await q.lock(lockOf(sha256));
    if (!(await isNeeded(store.read))) await blobs.remove(sha256);
  });
}
