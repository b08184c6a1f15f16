import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SoftwareDocument } from '@gatecast/firmware-protocol/messages';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { Terminals } from '../terminals/service.ts';
import * as rows from './store.ts';

export interface Releases {
  /**
   * Makes a release what each of the terminals should run, and resolves with the version of the `software` document of each. Rejects with `not-found`
   * and with `release-withdrawn`. The terminal decides whether it takes it, and says why not.
   */
  assign(q: Tx, terminalIds: readonly string[], releaseId: string): Promise<ReadonlyMap<string, number>>;
}

export function createReleases({ clock }: Platform, terminals: Terminals): Releases {
  const find = async (q: Reads, id: string): Promise<rows.ReleaseRow> => {
    const found = await rows.findRelease(q, id);
    if (!found) throw notFound('release');
    return found;
  };

  return {
    async assign(q, terminalIds, releaseId) {
      const { signed, download, withdrawnAt } = await find(q, releaseId);
      if (withdrawnAt !== null) throw refusal('release-withdrawn', 'this release was taken back');
      const body: SoftwareDocument = { release: signed, download };
      const versions = new Map<string, number>();
      for (const terminalId of new Set(terminalIds)) {
        const documentVersion = await terminals.publishDocument(q, terminalId, 'software', body);
        await rows.assign(q, { terminalId, releaseId, documentVersion, assignedAt: clock.now() });
        versions.set(terminalId, documentVersion);
        // Others have their turn between two hundred documents.
        await nextTurn();
      }
      return versions;
    },
  };
}
