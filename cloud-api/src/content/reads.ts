import type { Reads } from '../platform/db/store.ts';
import { admissionsTo } from './admission.ts';
import { findClips, type ClipRow } from './store.ts';

/** What others read of clips with nothing but a database: in the program, and on a thread of its own. */
export const contentReads = {
  /** Those of the clips that there are. */
  async about(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, ClipRow>> {
    return new Map((await findClips(q, ids)).map((clip) => [clip.id, clip]));
  },
  admissionsTo,
} as const;
