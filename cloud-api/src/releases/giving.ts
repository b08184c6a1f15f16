import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SoftwareDocument } from '@gatecast/firmware-protocol/messages';
import type { z } from 'zod';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { Terminals } from '../terminals/service.ts';
import { assignedMax, type Assigned, type AssignmentPreview, type assignment } from './contract.ts';
import { dueFrom, misfitOf, stateOf } from './rules.ts';
import type { Releases, ReleasesService } from './service.ts';
import * as rows from './store.ts';

type Named = z.output<typeof assignment>;

/** Rejects with `not-found`. */
export async function requireRelease(q: Reads, id: string): Promise<rows.ReleaseRow> {
  const found = await rows.findRelease(q, id);
  if (!found) throw notFound('release');
  return found;
}

/** Rejects with `release-withdrawn`. */
function requireGiven(release: rows.ReleaseRow): rows.ReleaseRow {
  if (release.withdrawnAt !== null) throw refusal('release-withdrawn', 'this release was taken back');
  return release;
}

/** Terminals that one transaction tells: some fifty milliseconds in which others cannot write. Whoever is cut off in between assigns again. */
const batchMax = 10;

/** To whom a release is given, and for whom it is not. */
export function createGiving(
  platform: Platform,
  terminals: Terminals,
): Pick<ReleasesService, 'assign' | 'dueFrom' | 'misfits' | 'preview' | 'assignByHand'> {
  const { store, audit } = platform;
  const assign = createAssign(platform, terminals);
  return {
    assign,
    async dueFrom(q, id, terminalId, at) {
      const { zone } = await terminals.get(q, terminalId);
      return dueFrom((await requireRelease(q, id)).download, at, zone);
    },
    async misfits(q, id, terminalIds) {
      const { manifest } = (await requireRelease(q, id)).signed;
      const misfits = new Map<string, NonNullable<ReturnType<typeof misfitOf>>>();
      for (const candidate of await rows.candidatesById(q, terminalIds)) {
        const reason = misfitOf(manifest, candidate);
        if (reason !== null) misfits.set(candidate.id, reason);
      }
      return misfits;
    },
    async preview(id, named) {
      const { fit, notFor } = await draw(store.read, await requireRelease(store.read, id), named);
      return { total: fit.length, unsaid: fit.filter(({ model }) => model === null).length, notFor };
    },
    async assignByHand(who, id, named) {
      const release = requireGiven(await requireRelease(store.read, id));
      const { fit, notFor } = await draw(store.read, release, named);
      const ids = fit.map((terminal) => terminal.id);
      const facts = { terminals: ids.length, notFor: notFor.length };
      await store.tx((q) => audit(q, { who, action: 'release.assign', subject: id, facts }));
      const items: Assigned['items'] = [];
      for (let at = 0; at < ids.length; at += batchMax) {
        const given = await store.tx((q) => assign(q, ids.slice(at, at + batchMax), id));
        for (const [terminalId, version] of given) items.push({ terminalId, version });
      }
      return { items, notFor };
    },
  };
}

function createAssign({ clock }: Platform, terminals: Terminals): Releases['assign'] {
  /** The version of the document with which the terminal is told. */
  const give = async (q: Tx, terminalId: string, { id, signed, download }: rows.ReleaseRow): Promise<number> => {
    const last = await rows.lastGiven(q, terminalId);
    const isSame = last?.releaseId === id;
    if (isSame && !last.withheld && stateOf(last) !== 'failed') return last.documentVersion;
    const body: SoftwareDocument = { release: signed, download, again: isSame ? last.documentVersion : 0 };
    const documentVersion = await terminals.publishDocument(q, terminalId, 'software', body);
    await rows.assign(q, { terminalId, releaseId: id, documentVersion, assignedAt: clock.now() });
    return documentVersion;
  };
  return async (q, terminalIds, releaseId) => {
    const release = requireGiven(await requireRelease(q, releaseId));
    const versions = new Map<string, number>();
    for (const terminalId of new Set(terminalIds)) {
      versions.set(terminalId, await give(q, terminalId, release));
      // Others have their turn between many documents.
      await nextTurn();
    }
    return versions;
  };
}

/** Who of the named would be given a release, and who not, and why. */
interface Drawn extends Pick<AssignmentPreview, 'notFor'> {
  readonly fit: readonly rows.Candidate[];
}

/** Rejects with `not-found` where a terminal that is named is none, and with `release-too-many` beyond {@link assignedMax}. */
async function draw(q: Reads, { signed: { manifest } }: rows.ReleaseRow, named: Named): Promise<Drawn> {
  const found = await rows.candidatesOf(q, named, assignedMax + 1);
  if (found.length > assignedMax)
    throw refusal('release-too-many', 'use a roll-out for so many terminals', { max: assignedMax });
  const ids = new Set(found.map(({ id }) => id));
  if (!named.terminalIds.every((id) => ids.has(id))) throw notFound('terminal');
  const fit: rows.Candidate[] = [];
  const notFor: Drawn['notFor'] = [];
  for (const candidate of found) {
    const reason = misfitOf(manifest, candidate);
    const { id: terminalId, name, communityName, entranceName, model, agentVersion } = candidate;
    if (reason === null) fit.push(candidate);
    else notFor.push({ terminalId, name, communityName, entranceName, reason, model, agentVersion });
  }
  return { fit, notFor };
}
