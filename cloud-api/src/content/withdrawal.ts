import { z } from 'zod';
import type { BlobStore } from '../platform/blob-store.ts';
import type { Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { emitClip } from './clip-events.ts';
import type { Author } from './maker/owner.ts';
import { hashesOf, removeUnneeded } from './retention.ts';
import type { PlayableHook } from './review.ts';
import { countSteps, noteStep } from './review-history.ts';
import { findClip, moveClip, type ClipRow } from './store.ts';
import { uploadName } from './upload-name.ts';

/** Whether plans have a clip now, had it once (a screen may have played it and not have told yet), or never had it. */
export type ClipUse = 'now' | 'before' | 'never';
export type AskClipUse = (q: Tx, clipId: string) => Promise<ClipUse>;

const jobKind = 'clip.give-back';
const payloadShape = z.object({ clipId: z.string() });

/**
 * Takes a clip out of the library for good, a merchant its own and the operator one of the house; a second time changes nothing. One that no screen can have
 * played gives its files back at once; of any other, name, history and files stay as long as the law asks. Rejects with `not-found`, with `clip-not-house` (the
 * operator takes a merchant's down instead), with `clip-booked` while a booking needs it, or with `clip-state`.
 */
export function createWithdrawal(
  platform: Platform,
  { hooks, uses }: { readonly hooks: readonly PlayableHook[]; readonly uses: readonly AskClipUse[] },
) {
  const { store, clock, events, audit, jobs } = platform;
  return (who: Author, id: string): Promise<void> =>
    store.tx(async (q) => {
      const before = requireOwn(who, await findClip(q, id));
      if (before.status === 'withdrawn') return;
      const use = await greatestUse(q, id, uses);
      if (use === 'now') throw refusal('clip-booked', 'a booking still needs this clip');
      const isUnseen = use === 'never' && before.lastPlayedAt === null && !(await wasInHouse(q, before));
      const clip = await moveClip(q, id, 'withdrawn', isUnseen ? { filesDeletedAt: clock.now() } : {});
      if (!clip) throw refusal('clip-state', 'its files were deleted already');
      await audit(q, { who, action: 'clip.withdraw', subject: id, facts: { from: before.status, isUnseen } });
      if (before.status === 'approved') for (const hook of hooks) await hook(q, clip);
      await noteStep(q, { clipId: id, at: clock.now(), step: 'withdrawn', accountId: who.accountId });
      await emitClip(events, q, clip);
      await jobs.add(q, jobKind, { clipId: id }, { id: `${jobKind}:${id}` });
    });
}

function requireOwn(who: Author, clip: ClipRow | undefined): ClipRow {
  if (!clip || (who.role === 'merchant' && clip.merchantId !== who.merchantId)) throw notFound('clip');
  if (who.role === 'operator' && clip.merchantId !== null)
    throw refusal('clip-not-house', 'a merchant deletes its own clips; they can be taken down');
  return clip;
}

/** What the house list had plays without any booking, on screens that may not have told of it yet. */
const wasInHouse = async (q: Tx, { id, house }: ClipRow): Promise<boolean> =>
  house !== null && (await countSteps(q, id, 'approved')) > 0;

async function greatestUse(q: Tx, id: string, uses: readonly AskClipUse[]): Promise<ClipUse> {
  const answers = await Promise.all(uses.map((ask) => ask(q, id)));
  return (['now', 'before'] as const).find((use) => answers.includes(use)) ?? 'never';
}

/** Clears the desk of what was withdrawn, and the store of what nothing else needs. */
export function giveBackFiles({ jobs, store }: Platform, blobs: BlobStore): void {
  jobs.handle(jobKind, {
    async run(payload) {
      const { clipId } = payloadShape.parse(payload);
      const clip = await findClip(store.read, clipId);
      if (clip?.status !== 'withdrawn') return;
      await blobs.discardAll(clipId);
      await blobs.discard(uploadName(clipId));
      if (clip.filesDeletedAt !== null) await removeUnneeded(store, blobs, await hashesOf(store.read, [clipId], []));
    },
  });
}
