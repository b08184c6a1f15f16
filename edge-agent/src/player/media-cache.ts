import { DomainError, hours, minutes, type Clock } from '@gatecast/firmware-protocol';
import type { MediaManifest, MediaTerms } from '@gatecast/firmware-protocol/messages';
import type { Logger } from 'pino';
import type { JournalEntry, JournalWriter } from '../journal/journal-writer.ts';
import { Wakeable } from '../uplink/back-off.ts';
import { paceOf } from '../uplink/download-terms.ts';
import { fetchTurn, firstAskMs, fitting, retryPauseMs, type FetchTurn } from './fetch-rules.ts';
import { downloadMedia, filesOf, type FetchMedia, type MediaFile } from './media-file.ts';
import { createMediaFolder, type MediaFolder } from './media-folder.ts';
import { evictions } from './media-room.ts';

export interface MediaCache {
  start(): void;
  stop(): Promise<void>;
  /** The manifest changed: fetch what is missing, take what it no longer names off the list. */
  refresh(): void;
  /** Files of the manifest that are complete and verified: clips, and their stills. */
  readonly cached: ReadonlySet<string>;
  /** How the last tries of a clip ended that could not be fetched. */
  readonly failures: ReadonlyMap<string, ClipFailure>;
}

/** So many tries in a row, and the code of the last. */
export interface ClipFailure {
  readonly inARow: number;
  readonly code: string;
}

export interface MediaCacheParts {
  readonly log: Logger;
  readonly journal: JournalWriter;
  readonly clock: Clock;
  readonly dir: string;
  readonly fetchMedia: FetchMedia;
  readonly manifest: () => MediaManifest | undefined;
  /** Whose clips stay until the manifest in force has proven itself. */
  readonly before: () => MediaManifest | undefined;
  /** When and how fast to fetch, where that is, and where in a common window this terminal begins, 0 to 1. */
  readonly terms: () => {
    readonly terms: MediaTerms;
    readonly zone: string | undefined;
    readonly spread: number;
  };
  /** Room for clips on the disk. */
  readonly bytesMax: number;
  /** What this program may still write; null: nobody knows. */
  readonly freeBytes: () => Promise<number | null>;
  /** Called after the set of cached clips changed. */
  readonly changed: () => void;
  /** How soon a verified file is read again; flash forgets. */
  readonly recheckEveryMs?: number;
}

const usualRecheckEveryMs = hours(24);
/** How soon it is noticed that a window opened, that a file is gone or due to be read again. */
const lookEveryMs = minutes(1);

interface Failure extends ClipFailure {
  readonly retryAtMono: number;
}

interface Shelf extends MediaCacheParts {
  readonly folder: MediaFolder;
  readonly cached: Set<string>;
  /** What is cached, and when it was read last. */
  readonly verified: Map<string, { readonly file: MediaFile; readonly atMono: number }>;
  readonly failures: Map<string, Failure>;
  /** Since when a file is named that is not here. */
  readonly namedMono: Map<string, number>;
  readonly stopping: AbortSignal;
  /** What is being fetched; something more urgent interrupts it. */
  fetching: { readonly file: MediaFile; readonly turn: FetchTurn; readonly interrupt: AbortController } | undefined;
}

/** Keeps the clips of the media manifest on disk, what is needed first before the rest. One download at a time. */
export function createMediaCache(parts: MediaCacheParts): MediaCache {
  const stop = new AbortController();
  const wakeable = new Wakeable();
  const shelf: Shelf = {
    ...parts,
    folder: createMediaFolder(parts.dir),
    cached: new Set(),
    verified: new Map(),
    failures: new Map(),
    namedMono: new Map(),
    stopping: stop.signal,
    fetching: undefined,
  };
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      const isMore = await tidy(shelf).catch((err: unknown) => {
        parts.log.error({ err }, 'the media folder could not be kept');
        return false;
      });
      if (!isMore) await wakeable.wait(restMs(shelf), stop.signal);
    }
  }

  return {
    cached: shelf.cached,
    failures: shelf.failures,
    start() {
      running = run();
    },
    async stop() {
      stop.abort();
      await running;
    },
    refresh() {
      // At once, also in the middle of a download: what may not be played is given to nobody.
      takeOff(shelf, namedBy(shelf));
      noteMissing(shelf, wantedBy(shelf));
      interruptForMoreUrgent(shelf);
      wakeable.wake();
    },
  };
}

const wantedBy = ({ manifest, bytesMax }: MediaCacheParts): MediaFile[] =>
  filesOf(fitting(manifest()?.clips ?? [], bytesMax));

/** What may be here: of the manifest in force what fits, and what the one before it names. */
const namedBy = (shelf: MediaCacheParts): ReadonlyMap<string, MediaFile> =>
  new Map([...wantedBy(shelf), ...filesOf(shelf.before()?.clips ?? [])].map((file) => [file.sha256, file]));

/** What the manifest does not name is not played. */
function takeOff(shelf: Shelf, named: ReadonlyMap<string, MediaFile>): void {
  for (const [sha256, { file }] of shelf.verified) {
    if (named.has(sha256)) continue;
    forget(shelf, sha256);
    shelf.folder
      .touch(file)
      .catch((err: unknown) => shelf.log.warn({ err, clip: sha256 }, 'a file could not be marked'));
  }
}

/** One round; true while there may be more to do at once. */
async function tidy(shelf: Shelf): Promise<boolean> {
  if (!shelf.manifest()) return false;
  const wanted = wantedBy(shelf);
  const named = namedBy(shelf);
  const here = await letGo(shelf, named);
  for (const file of wanted) {
    if (shelf.stopping.aborted) return false;
    if (here.has(file.sha256)) await takeUp(shelf, file);
  }
  await recheckOldest(shelf, named);
  // Reading takes a while: there may be another manifest by now. What it names and this round did not look for may lie here.
  const missing = wantedBy(shelf);
  noteMissing(shelf, missing);
  const known = new Set(wanted.map(({ sha256 }) => sha256));
  const next = nextToFetch(
    shelf,
    missing.filter(({ sha256 }) => known.has(sha256)),
  );
  if (!next || shelf.stopping.aborted) return false;
  await obtain(shelf, next, namedBy(shelf));
  return true;
}

/** A file that nothing names stays for as long as nothing needs its room: campaigns come back. Resolves with the whole files that are here. */
async function letGo(shelf: Shelf, named: ReadonlyMap<string, MediaFile>): Promise<ReadonlySet<string>> {
  takeOff(shelf, named);
  const stored = await shelf.folder.list();
  const here = new Set(stored.flatMap((file) => (file.form === 'part' ? [] : [file.sha256])));
  for (const sha256 of shelf.cached) {
    if (here.has(sha256)) continue;
    forget(shelf, sha256);
    journal(shelf, sha256, 'failed', 'file-gone');
  }
  for (const sha256 of shelf.failures.keys()) if (!named.has(sha256)) shelf.failures.delete(sha256);
  for (const file of stored) if (file.form === 'part' && !named.has(file.sha256)) await shelf.folder.remove(file);
  await makeRoom(shelf, { bytes: 0, named, expendable: [] });
  return here;
}

/** A file that is there already plays once it has been read whole. */
async function takeUp(shelf: Shelf, file: MediaFile): Promise<void> {
  if (shelf.cached.has(file.sha256)) return;
  if (await shelf.folder.isWhole(file)) verified(shelf, file);
  else await discardDamaged(shelf, file);
}

/** One a round, so that reading costs nobody a frame. */
async function recheckOldest(shelf: Shelf, named: ReadonlyMap<string, MediaFile>): Promise<void> {
  const dueMono = shelf.clock.mono() - (shelf.recheckEveryMs ?? usualRecheckEveryMs);
  const [oldest] = [...shelf.verified.values()].sort((a, b) => a.atMono - b.atMono);
  if (!oldest || !named.has(oldest.file.sha256) || oldest.atMono > dueMono) return;
  const { file } = oldest;
  if (await shelf.folder.isWhole(file)) shelf.verified.set(file.sha256, { file, atMono: shelf.clock.mono() });
  else await discardDamaged(shelf, file);
}

async function discardDamaged(shelf: Shelf, file: MediaFile): Promise<void> {
  const { sha256 } = file;
  // First off the list, so that nothing chooses a clip that is about to go.
  forget(shelf, sha256);
  await shelf.folder.remove(file);
  shelf.log.warn({ clip: sha256 }, 'the disk gave a clip back otherwise than it was written');
  journal(shelf, sha256, 'failed', 'damaged-on-disk');
}

function verified(shelf: Shelf, file: MediaFile): void {
  const { sha256 } = file;
  shelf.failures.delete(sha256);
  shelf.cached.add(sha256);
  shelf.verified.set(sha256, { file, atMono: shelf.clock.mono() });
  shelf.changed();
}

function forget(shelf: Shelf, sha256: string): void {
  shelf.verified.delete(sha256);
  if (shelf.cached.delete(sha256)) shelf.changed();
}

const spreadMsOf = ({ manifest }: MediaCacheParts): number => manifest()?.spreadMs ?? 0;

function noteMissing({ cached, namedMono, clock }: Shelf, wanted: readonly MediaFile[]): void {
  const missing = new Set(wanted.flatMap(({ sha256 }) => (cached.has(sha256) ? [] : [sha256])));
  for (const sha256 of namedMono.keys()) if (!missing.has(sha256)) namedMono.delete(sha256);
  for (const sha256 of missing) if (!namedMono.has(sha256)) namedMono.set(sha256, clock.mono());
}

interface Next {
  readonly file: MediaFile;
  readonly turn: FetchTurn;
}

/** The most urgent one that is missing and may be tried now. */
function nextToFetch(shelf: Shelf, wanted: readonly MediaFile[]): Next | undefined {
  const { clock, cached, failures } = shelf;
  const isBare = !wanted.some(({ sha256, form, neededAt }) => form === 'mp4' && neededAt === 0 && cached.has(sha256));
  const situation = { ...shelf.terms(), spreadMs: spreadMsOf(shelf), now: clock.now(), isBare };
  const mono = clock.mono();
  const due = wanted.flatMap((file) => {
    const isResting = (failures.get(file.sha256)?.retryAtMono ?? 0) > mono;
    const namedForMs = mono - (shelf.namedMono.get(file.sha256) ?? mono);
    const turn = fetchTurn({ ...file, namedForMs }, situation);
    return cached.has(file.sha256) || isResting || turn === 'later' ? [] : [{ file, turn }];
  });
  return due.find(({ turn }) => turn === 'at-once') ?? due[0];
}

/** A slow download of something for tomorrow does not keep waiting what is needed now; it goes on later where it was. */
function interruptForMoreUrgent(shelf: Shelf): void {
  const { fetching } = shelf;
  if (!fetching) return;
  const wanted = wantedBy(shelf);
  const isWanted = wanted.some(({ sha256 }) => sha256 === fetching.file.sha256);
  const isOutrun = fetching.turn === 'paced' && nextToFetch(shelf, wanted)?.turn === 'at-once';
  if (!isWanted || isOutrun) fetching.interrupt.abort();
}

async function obtain(shelf: Shelf, { file, turn }: Next, named: ReadonlyMap<string, MediaFile>): Promise<void> {
  const interrupt = new AbortController();
  const stop = AbortSignal.any([shelf.stopping, interrupt.signal]);
  shelf.fetching = { file, turn, interrupt };
  // Something may become urgent while this one trickles in.
  const look = setInterval(() => interruptForMoreUrgent(shelf), lookEveryMs);
  try {
    await makeRoom(shelf, { bytes: await missingBytes(shelf, file), named, expendable: lessNeeded(shelf, file) });
    await downloadMedia({
      dir: shelf.dir,
      file,
      fetchMedia: shelf.fetchMedia,
      triesBefore: shelf.failures.get(file.sha256)?.inARow ?? 0,
      pace: turn === 'paced' ? paceOf(shelf.terms().terms, shelf.clock) : undefined,
      stop,
    });
    journal(shelf, file.sha256, 'cached', null);
    verified(shelf, file);
  } catch (error) {
    if (!stop.aborted) failed(shelf, file, error);
  } finally {
    clearInterval(look);
    shelf.fetching = undefined;
  }
}

async function missingBytes({ folder }: Shelf, { sha256, bytes }: MediaFile): Promise<number> {
  const part = (await folder.list()).find((file) => file.form === 'part' && file.sha256 === sha256);
  return Math.max(0, bytes - (part?.bytes ?? 0));
}

/** What the manifest names after this file, the last first. */
function lessNeeded(shelf: Shelf, { sha256 }: MediaFile): string[] {
  const order = wantedBy(shelf).map((file) => file.sha256);
  return order.slice(order.indexOf(sha256) + 1).reverse();
}

async function makeRoom(
  shelf: Shelf,
  { named, ...needed }: { bytes: number; named: ReadonlyMap<string, MediaFile>; expendable: readonly string[] },
): Promise<void> {
  const room = { bytesMax: shelf.bytesMax, freeBytes: needed.bytes === 0 ? null : await shelf.freeBytes() };
  const going = evictions(await shelf.folder.list(), { ...needed, named: new Set(named.keys()) }, room);
  for (const file of going) {
    forget(shelf, file.sha256);
    await shelf.folder.remove(file);
    if (file.form !== 'part') journal(shelf, file.sha256, 'evicted', null);
  }
}

function failed(shelf: Shelf, { sha256 }: MediaFile, error: unknown): void {
  const inARow = (shelf.failures.get(sha256)?.inARow ?? 0) + 1;
  const code = error instanceof DomainError ? error.code : 'disk-error';
  shelf.failures.set(sha256, { inARow, code, retryAtMono: shelf.clock.mono() + retryPauseMs({ inARow, code }) });
  shelf.log.warn({ err: error, clip: sha256, inARow }, 'a clip could not be fetched');
  if (inARow === 1) journal(shelf, sha256, 'failed', code);
}

/** Until the next look, the next try of what failed, or the first of what was named a moment ago. */
function restMs(shelf: Shelf): number {
  const { failures, namedMono, clock } = shelf;
  const mono = clock.mono();
  const tries = [...failures.values()].map(({ retryAtMono }) => Math.max(0, retryAtMono - mono));
  const askMs = firstAskMs({ spread: shelf.terms().spread, spreadMs: spreadMsOf(shelf) });
  const asks = [...namedMono.values()].map((at) => at + askMs - mono).filter((ms) => ms > 0);
  return Math.min(lookEveryMs, ...tries, ...asks);
}

function journal(
  { journal, log }: Shelf,
  clip: string,
  state: 'cached' | 'failed' | 'evicted',
  reason: string | null,
): void {
  const row: JournalEntry = { stream: 'health', kind: 'media', body: { clip, state, reason } };
  journal.append(row).catch((err: unknown) => log.error({ err, clip }, 'a media row could not be journalled'));
}
