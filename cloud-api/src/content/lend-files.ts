import { chmod, chown, open, stat } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import type { SystemUser } from '../config.ts';
import { isMissing } from '../platform/blob-store-desk.ts';

/** May read and write what is lent. */
const groupBits = 0o060;

/** Whoever knows a name in the folder may go on to it; nobody may list it who could not before. */
export async function letPass(folder: string): Promise<void> {
  const { mode } = await stat(folder);
  await chmod(folder, (mode & 0o7777) | 0o011);
}

/**
 * Lends another user, by its group, exactly the files that a command names: those that are there, and those that it is to make, which are made empty first so
 * that they are ours. All other files stay as they are. Resolves with what takes them back.
 */
export async function lendFiles({ gid }: SystemUser, args: readonly string[]): Promise<() => Promise<void>> {
  const lent: string[] = [];
  for (const path of new Set(args.filter(isAbsolute))) {
    await letPass(dirname(path));
    await makeIfMissing(path);
    const { mode } = await stat(path);
    // -1 leaves the owner.
    await chown(path, -1, gid);
    await chmod(path, (mode & 0o777) | groupBits);
    lent.push(path);
  }
  return async () => {
    for (const path of lent) await takeBack(path);
  };
}

async function makeIfMissing(path: string): Promise<void> {
  const file = await open(path, 'a', 0o600);
  await file.close();
}

/** What was cleared away meanwhile is nobody's. */
async function takeBack(path: string): Promise<void> {
  try {
    const { mode } = await stat(path);
    await chmod(path, mode & 0o777 & ~0o070);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
