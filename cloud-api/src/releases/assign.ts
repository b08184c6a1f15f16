import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SoftwareDocument } from '@gatecast/firmware-protocol/messages';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { Terminals } from '../terminals/service.ts';
import { stateOf } from './rules.ts';
import type { Releases } from './service.ts';
import * as rows from './store.ts';

/** Rejects with `not-found`. */
export async function requireRelease(q: Reads, id: string): Promise<rows.ReleaseRow> {
  const found = await rows.findRelease(q, id);
  if (!found) throw notFound('release');
  return found;
}

export function createAssign({ clock }: Platform, terminals: Terminals): Releases['assign'] {
  /** The version of the document with which the terminal is told. */
  const give = async (q: Tx, terminalId: string, { id, signed, download }: rows.ReleaseRow): Promise<number> => {
    const last = await rows.lastGiven(q, terminalId);
    const isSame = last?.releaseId === id;
    if (isSame && stateOf(last) !== 'failed') return last.documentVersion;
    const body: SoftwareDocument = { release: signed, download, again: isSame ? last.documentVersion : 0 };
    const documentVersion = await terminals.publishDocument(q, terminalId, 'software', body);
    await rows.assign(q, { terminalId, releaseId: id, documentVersion, assignedAt: clock.now() });
    return documentVersion;
  };
  return async (q, terminalIds, releaseId) => {
    const release = await requireRelease(q, releaseId);
    if (release.withdrawnAt !== null) throw refusal('release-withdrawn', 'this release was taken back');
    const versions = new Map<string, number>();
    for (const terminalId of new Set(terminalIds)) {
      versions.set(terminalId, await give(q, terminalId, release));
      // Others have their turn between two hundred documents.
      await nextTurn();
    }
    return versions;
  };
}
