import type { Tx } from '../platform/db/store.ts';
import type { Events } from '../platform/events.ts';
import type { ClipRow } from './store.ts';

/** Tells the operator and the merchant how a clip stands. */
export async function emitClip(events: Events, q: Tx, clip: ClipRow): Promise<void> {
  const { id, title, status, progressPercent, reason, merchantId } = clip;
  await events.emit(q, {
    type: 'clip',
    subject: id,
    facts: { title, status, progressPercent, reason },
    ...(merchantId === null ? {} : { merchantId }),
  });
}
