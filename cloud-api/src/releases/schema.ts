import type { DownloadTerms, SignedRelease } from '@gatecast/firmware-protocol/messages';
import type { Columns } from '../platform/db/columns.ts';

export function makeReleaseTables(c: Columns) {
  return {
    /** Releases of the agent; their archives are files, named by their hash. */
    releases: c.table(
      'releases',
      {
        id: c.text().primaryKey(),
        version: c.text().notNull(),
        model: c.text().notNull(),
        signed: c.json<SignedRelease>().notNull(),
        archiveSha256: c.text().notNull(),
        archiveBytes: c.big().notNull(),
        download: c.json<DownloadTerms>().notNull(),
        notes: c.text().notNull(),
        /** From then on it is given to nobody else. */
        withdrawnAt: c.at(),
        createdAt: c.at().notNull(),
      },
      (t) => [
        c.uniqueIndex('releases_version').on(t.model, t.version),
        c.index('releases_archive').on(t.archiveSha256),
      ],
    ),
    /** Which release each terminal was last given, as which version of its `software` document. */
    releaseAssignments: c.table(
      'release_assignments',
      {
        terminalId: c.text().primaryKey(),
        releaseId: c.text().notNull(),
        documentVersion: c.int().notNull(),
        assignedAt: c.at().notNull(),
      },
      (t) => [c.index('release_assignments_release').on(t.releaseId, t.terminalId)],
    ),
  };
}
