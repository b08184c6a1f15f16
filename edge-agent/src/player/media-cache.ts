import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@gatecast/firmware-protocol';
import type { MediaClip, MediaManifest } from '@gatecast/firmware-protocol/messages';
import type { Logger } from 'pino';
import type { JournalEntry, JournalWriter } from '../journal/journal-writer.ts';
import { isFile } from '../uplink/file-download.ts';
import { clipPath, downloadClip, type FetchMedia } from './media-file.ts';
import { createRetryPause } from './retry-pause.ts';

export interface MediaCache {
  start(): void;
  stop(): Promise<void>;
  /** The manifest changed: fetch what is missing, evict what it no longer names. */
  refresh(): void;
  /** Clips that are complete and verified. */
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
  /** Has to exist. */
  readonly dir: string;
  readonly fetchMedia: FetchMedia;
  readonly manifest: () => MediaManifest | undefined;
  /** Whose clips stay until the manifest in force has proven itself. */
  readonly before: () => MediaManifest | undefined;
  /** Called after the set of cached clips changed. */
  readonly changed: () => void;
}

/** Room for clips on the terminal's disk. */
const mediaBytesMax = 2 * 1024 ** 3;

interface Shelf extends MediaCacheParts {
  readonly cached: Set<string>;
  /** Failures in a row by clip. */
  readonly failures: Map<string, ClipFailure>;
  readonly stopping: AbortSignal;
}

/** Keeps the clips of the media manifest on disk. One download at a time; failures are tried again with growing, scattered pauses. */
export function createMediaCache(parts: MediaCacheParts): MediaCache {
  const stop = new AbortController();
  const shelf: Shelf = { ...parts, cached: new Set(), failures: new Map(), stopping: stop.signal };
  const pause = createRetryPause();
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      pause.begin();
      await tidy(shelf).catch((err: unknown) => parts.log.error({ err }, 'the media folder could not be kept'));
      if (!stop.signal.aborted)
        await pause.untilDue(Math.max(0, ...[...shelf.failures.values()].map(({ inARow }) => inARow)));
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
      pause.end();
      await running;
    },
    refresh: () => pause.end(),
  };
}

/** Clips that fit into the room, in the manifest's order. */
function wanted(manifest: MediaManifest): MediaClip[] {
  let bytes = 0;
  return manifest.clips.filter((clip) => {
    bytes += clip.bytes;
    return bytes <= mediaBytesMax;
  });
}

async function tidy(shelf: Shelf): Promise<void> {
  const manifest = shelf.manifest();
  if (!manifest) return;
  const clips = wanted(manifest);
  await evict(shelf, new Set([...clips, ...(shelf.before()?.clips ?? [])].map((clip) => clip.sha256)));
  for (const clip of clips) {
    if (shelf.stopping.aborted) return;
    if (!shelf.cached.has(clip.sha256)) await obtain(shelf, clip);
  }
}

async function evict(shelf: Shelf, named: ReadonlySet<string>): Promise<void> {
  for (const file of await readdir(shelf.dir)) {
    const [sha256 = '', ext] = file.split('.');
    if (named.has(sha256) || (ext !== 'mp4' && ext !== 'part')) continue;
    // First off the list, so that nothing chooses a clip that is about to go.
    if (shelf.cached.delete(sha256)) shelf.changed();
    await rm(join(shelf.dir, file), { force: true });
    if (ext === 'mp4') journal(shelf, sha256, 'evicted', null);
  }
  for (const sha256 of shelf.failures.keys()) if (!named.has(sha256)) shelf.failures.delete(sha256);
}

async function obtain(shelf: Shelf, clip: MediaClip): Promise<void> {
  const { dir, cached, failures, stopping } = shelf;
  const path = clipPath(dir, clip.sha256);
  try {
    if (!(await isFile(path, clip))) {
      await rm(path, { force: true });
      await downloadClip(dir, clip, shelf.fetchMedia, stopping);
      journal(shelf, clip.sha256, 'cached', null);
    }
    failures.delete(clip.sha256);
    cached.add(clip.sha256);
  } catch (error) {
    if (!stopping.aborted) failed(shelf, clip, error);
    return;
  }
  shelf.changed();
}

function failed(shelf: Shelf, { sha256 }: MediaClip, error: unknown): void {
  const inARow = (shelf.failures.get(sha256)?.inARow ?? 0) + 1;
  const code = error instanceof DomainError ? error.code : 'disk-error';
  shelf.failures.set(sha256, { inARow, code });
  shelf.log.warn({ err: error, clip: sha256, inARow }, 'a clip could not be fetched');
  if (inARow === 1) journal(shelf, sha256, 'failed', code);
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
