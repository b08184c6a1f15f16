import type { ReadableStream as WebStream } from 'node:stream/web';
import type { InstantMs } from '@gatecast/firmware-protocol';
import type { DownloadTerms } from '@gatecast/firmware-protocol/messages';
import type { z } from 'zod';
import type { Operator } from '../platform/auth.ts';
import { createBlobStore, type BlobStore } from '../platform/blob-store.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound } from '../platform/errors.ts';
import type { Call } from '../platform/idempotency.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { Terminals } from '../terminals/service.ts';
import { createGiving, requireRelease } from './giving.ts';
import type {
  Assigned,
  assignment,
  AssignmentPreview,
  Misfit,
  Release,
  ReleaseTerminal,
  uploadQuery,
} from './contract.ts';
import { stateOf } from './rules.ts';
import * as rows from './store.ts';
import { createUpload } from './upload.ts';

/** What other slices may do with releases of the agent. */
export interface Releases {
  /**
   * Makes a release what each of the terminals should run, and resolves with the version of the `software` document of each. Rejects with `not-found`
   * and with `release-withdrawn`. The terminal decides whether it takes it, and says why not; one that was given it already is left alone, unless it
   * failed there: then it is tried again.
   */
  assign(q: Tx, terminalIds: readonly string[], releaseId: string): Promise<ReadonlyMap<string, number>>;
  /** Rejects with `not-found`. */
  about(q: Reads, id: string): Promise<{ readonly version: string; readonly isWithdrawn: boolean }>;
  /** From when on a terminal that is told at `at` may have come to it, in its windows. Rejects with `not-found`. */
  dueFrom(q: Reads, id: string, terminalId: string, at: InstantMs): Promise<InstantMs>;
  /** Which of the terminals it is not for, by what they said of themselves. Rejects with `not-found`. */
  misfits(q: Reads, id: string, terminalIds: readonly string[]): Promise<ReadonlyMap<string, Misfit>>;
}

export interface ReleasesService extends Releases {
  readonly blobs: BlobStore;
  /** Rejects with one of the `release-…` codes or `no-update-keys`. */
  upload(who: Operator, about: z.output<typeof uploadQuery>, body: WebStream<Uint8Array>, call: Call): Promise<Release>;
  list(query: Paging & { readonly model?: string | undefined }): Promise<Page<Release>>;
  get(id: string): Promise<Release>;
  /** Nobody is given it any more, and whoever has not fetched it yet does not get it. Idempotent. */
  withdraw(who: Operator, id: string): Promise<Release>;
  /** When and how fast it is fetched and restarted for, by whoever is given it from now on. */
  setTerms(who: Operator, id: string, terms: DownloadTerms): Promise<Release>;
  /** What `assignByHand` would do. Rejects as that does. */
  preview(id: string, named: z.output<typeof assignment>): Promise<AssignmentPreview>;
  /** As `assign`, by hand and some at a time, to those of the named that it is for. Rejects with `not-found`, `release-withdrawn` and `release-too-many`. */
  assignByHand(who: Operator, id: string, named: z.output<typeof assignment>): Promise<Assigned>;
  terminals(id: string, query: Paging): Promise<Page<ReleaseTerminal>>;
  /** Whether the terminal was given a release with this archive, which was not withdrawn. */
  mayFetch(terminalId: string, archiveSha256: string): Promise<boolean>;
  start(): Promise<void>;
}

export function createReleases(platform: Platform, terminals: Terminals): ReleasesService {
  const { store, clock, audit, config } = platform;
  const blobs = createBlobStore(config, 'releases');
  const upload = createUpload(platform, blobs);
  const show = async (found: readonly rows.ReleaseRow[]): Promise<Release[]> => {
    const counts = await countsOf(store.read, found);
    return found.map((row) => shown(row, counts.get(row.id) ?? none));
  };
  const get = async (id: string): Promise<Release> => {
    const [release] = await show([await requireRelease(store.read, id)]);
    if (!release) throw notFound('release');
    return release;
  };

  return {
    ...createGiving(platform, terminals),
    blobs,
    async about(q, id) {
      const { version, withdrawnAt } = await requireRelease(q, id);
      return { version, isWithdrawn: withdrawnAt !== null };
    },
    upload: async (who, about, body, call) => get(await upload(who, about, body, call)),
    async list(query) {
      const { rows: found, list } = await rows.listReleases(store.read, query);
      const page = list.page(
        found,
        ({ createdAt }) => createdAt,
        (row) => row,
      );
      return { ...page, items: await show(page.items) };
    },
    get,
    async withdraw(who, id) {
      await store.tx(async (q) => {
        const { withdrawnAt } = await requireRelease(q, id);
        if (withdrawnAt !== null) return;
        await rows.withdraw(q, id, clock.now());
        await audit(q, { who, action: 'release.withdraw', subject: id });
      });
      return get(id);
    },
    async setTerms(who, id, download) {
      await store.tx(async (q) => {
        await requireRelease(q, id);
        await rows.setDownload(q, id, download);
        await audit(q, { who, action: 'release.terms', subject: id, facts: download });
      });
      return get(id);
    },
    async terminals(id, { cursor, limit = pageSizeDefault }) {
      await requireRelease(store.read, id);
      const start = cursor === undefined ? '' : decodeCursor<[string]>(cursor, ['string'])[0];
      const found = await rows.terminalsOf(store.read, id, start, limit + 1);
      return pageOf(found, limit, ({ assignment }) => [assignment.terminalId], terminalShown);
    },
    mayFetch: (terminalId, sha256) => rows.mayFetch(store.read, terminalId, sha256),
    start: () => blobs.start(),
  };
}

const none: Release['terminals'] = { pending: 0, applied: 0, failed: 0 };

async function countsOf(
  q: Reads,
  found: readonly rows.ReleaseRow[],
): Promise<ReadonlyMap<string, Release['terminals']>> {
  const counts = new Map<string, Release['terminals']>();
  const progress = await rows.progressOf(
    q,
    found.map(({ id }) => id),
  );
  for (const { releaseId, terminals, ...row } of progress) {
    const before = counts.get(releaseId) ?? none;
    const state = stateOf(row);
    counts.set(releaseId, { ...before, [state]: before[state] + terminals });
  }
  return counts;
}

const shown = (row: rows.ReleaseRow, terminals: Release['terminals']): Release => {
  const { manifest, signature } = row.signed;
  return {
    id: row.id,
    version: row.version,
    model: row.model,
    notes: row.notes,
    protocolFloor: manifest.protocolFloor,
    minFrom: manifest.minFrom,
    kid: signature.kid,
    archive: manifest.archive,
    files: manifest.files.length,
    bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0),
    download: row.download,
    builtAt: manifest.createdAt,
    createdAt: row.createdAt,
    withdrawnAt: row.withdrawnAt,
    terminals,
  };
};

type TerminalRow = Awaited<ReturnType<typeof rows.terminalsOf>>[number];

function terminalShown({
  assignment,
  document,
  terminal,
  community,
  entrance,
  presence,
}: TerminalRow): ReleaseTerminal {
  const { documentVersion, assignedAt } = assignment;
  const state = stateOf({ documentVersion, applied: document.applied, failed: document.failed });
  return {
    terminalId: terminal.id,
    name: terminal.name,
    communityId: community.id,
    communityName: community.name,
    entranceName: entrance.name,
    assignedAt,
    state,
    reason: state === 'failed' ? document.reason : null,
    agentVersion: presence?.agentVersion ?? null,
  };
}
