import type { Segment } from '@gatecast/firmware-protocol/messages';
import type { KeptBlob } from '../platform/blob-store.ts';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { Category } from './categories.ts';
import { emitClip } from './clip-events.ts';
import type { Mp4Facts } from './mp4.ts';
import { noteStep } from './review-history.ts';
import { conforms } from './rules.ts';
import { wantTranscode } from './transcode-job.ts';

export interface NewClip {
  readonly id: string;
  /** Null: the operator's own, for the house list. */
  readonly merchantId: string | null;
  readonly accountId: string;
  readonly title: string;
  readonly house: Segment | null;
  readonly category: Category | null;
  readonly source: KeptBlob;
  readonly facts: Mp4Facts;
}

/**
 * Adds a clip whose source is shared on the desk under `uploadName(id)`, and says in the same transaction that it is to be converted. However a video
 * came, this is where it becomes a clip.
 */
export async function addClip(
  platform: Platform,
  q: Tx,
  { accountId, source, facts, ...about }: NewClip,
): Promise<void> {
  await insertClip(platform, q, accountId, { ...about, ...sourceOf(facts, source) });
}

type NewRow = Omit<Tx['t']['clips']['$inferInsert'], 'status' | 'progressPercent' | 'createdAt'>;

/** Adds a clip whose source is on the desk, or made from its recipe when its turn comes. */
export async function insertClip(platform: Platform, q: Tx, accountId: string, about: NewRow): Promise<void> {
  const { clock, events } = platform;
  const createdAt = clock.now();
  const row = { ...about, status: 'queued', progressPercent: 0, createdAt } as const;
  const [clip] = await q.insert(q.t.clips).values(row).returning();
  await noteStep(q, { clipId: about.id, at: createdAt, step: 'submitted', accountId });
  await wantTranscode(platform, q, about.id);
  if (clip) await emitClip(events, q, clip);
}

const sourceOf = (facts: Mp4Facts, { sha256, bytes }: KeptBlob) => ({
  sourceSha256: sha256,
  sourceBytes: bytes,
  sourceWidth: facts.video.width,
  sourceHeight: facts.video.height,
  sourceHasAudio: facts.audioCodec !== null,
  sourceConforms: conforms(facts, bytes),
  durationMs: facts.durationMs,
});
