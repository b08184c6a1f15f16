import { readFile } from 'node:fs/promises';
import { DomainError } from '@gatecast/firmware-protocol';
import { keySuccession, updateKeyFile, type KeySuccession, type UpdateKey } from '@gatecast/firmware-protocol/messages';
import { replaceFile } from '@gatecast/firmware-protocol/node';
import { keysAfter } from '@gatecast/firmware-protocol/release';
import { z } from 'zod';

export interface KeyFiles {
  /** Pinned at the install; nothing that runs here can write it. */
  readonly pinned: string;
  /** Successions that a release brought which has proven itself. */
  readonly learned: string;
}

/** Long enough for every key of a terminal's life. */
const learnedMax = 32;
const successions = z.array(keySuccession).max(learnedMax);

/**
 * Whom this machine believes: the pinned keys, and who came in their place. What was learned is proven anew each time, so that a file which somebody
 * changed adds nobody. Rejects with `no-update-keys`.
 */
export async function trustedKeys({ pinned, learned }: KeyFiles): Promise<readonly UpdateKey[]> {
  let keys: readonly UpdateKey[];
  try {
    keys = updateKeyFile.parse(JSON.parse(await readFile(pinned, 'utf8'))).keys;
  } catch (cause) {
    throw new DomainError('no-update-keys', 'the pinned update keys cannot be read', {}, { cause });
  }
  return keysAfter(keys, await learnedSuccessions(learned));
}

/** Keeps what a release that has proven itself said of keys: the old ones are believed no more. */
export async function learnSuccessions(files: KeyFiles, news: readonly KeySuccession[]): Promise<void> {
  const known = await learnedSuccessions(files.learned);
  const fresh = news.filter((one) => !known.some(({ signature }) => signature === one.signature));
  if (fresh.length === 0) return;
  const all = [...known, ...fresh].slice(-learnedMax);
  await replaceFile(files.learned, Buffer.from(`${JSON.stringify(all)}\n`));
}

async function learnedSuccessions(path: string): Promise<readonly KeySuccession[]> {
  try {
    return successions.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
