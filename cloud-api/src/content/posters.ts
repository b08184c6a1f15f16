import { and, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';
import type { FileLinks } from './file-links.ts';

/** Signed addresses of stills; a clip that has none, or not any more, is not in the answer. */
export interface Posters {
  /** By the SHA-256 of a file of the clip. */
  ofFiles(q: Reads, files: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** By the clip's id. */
  ofClips(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export function createPosters(links: FileLinks): Posters {
  const signed = async (q: Reads, found: readonly { readonly key: string; readonly id: string }[]) =>
    new Map(
      await Promise.all(
        found.map(async ({ key, id }) => [key, await links.sign(q, `/v1/clips/${id}/poster.jpg`)] as const),
      ),
    );
  const isThere = ({ t: { clips } }: Reads) => and(isNotNull(clips.posterSha256), isNull(clips.filesDeletedAt));
  return {
    async ofFiles(q, files) {
      if (files.length === 0) return new Map();
      const { clips, clipFiles } = q.t;
      const found = await q
        .selectDistinct({ key: clipFiles.sha256, id: clips.id })
        .from(clipFiles)
        .innerJoin(clips, eq(clips.id, clipFiles.clipId))
        .where(and(inArray(clipFiles.sha256, [...new Set(files)]), isThere(q)));
      return signed(q, found);
    },
    async ofClips(q, ids) {
      if (ids.length === 0) return new Map();
      const { clips } = q.t;
      const found = await q
        .select({ key: clips.id, id: clips.id })
        .from(clips)
        .where(and(inArray(clips.id, [...new Set(ids)]), isThere(q)));
      return signed(q, found);
    },
  };
}
