import { newId, type InstantMs } from '@gatecast/firmware-protocol';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { z } from 'zod';
import type { As } from '../platform/auth.ts';
import type { BlobStore } from '../platform/blob-store.ts';
import type { Reads } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { categoryRules } from './categories.ts';
import { permitBytesMax, type permitQuery } from './permit-contract.ts';
import { areHeld } from './hold-files.ts';
import { countPermits, findPermit, type PermitRow } from './permit-store.ts';
import { receiveScan } from './receive-scan.ts';

/** Of one merchant, not yet looked at. */
const waitingMax = 20;

/** Takes a permit and its scan in. */
export function createHandIn(platform: Platform, blobs: BlobStore) {
  const { store, clock, audit } = platform;
  return async (
    who: As<'merchant'>,
    about: z.output<typeof permitQuery>,
    scan: WebStream<Uint8Array>,
    call: Call,
  ): Promise<PermitRow> => {
    requireWindow(about, clock.now());
    // Before a byte is kept: what is refused would lie in the store and belong to nobody. The count that holds is in the transaction.
    await requireRoom(store.read, who.merchantId);
    const id = newId('permit');
    const file = await receiveScan(blobs, id, scan, permitBytesMax);
    const kept = await store.tx((q) =>
      once(q, clock, { ...call, requestHash: `${call.requestHash}.${file.fileSha256}` }, async () => {
        await q.lock(`permits:${who.merchantId}`);
        await requireRoom(q, who.merchantId);
        if (!(await areHeld(q, blobs, [file.fileSha256])))
          throw refusal('conflict', 'this scan was being deleted; hand it in again');
        const { category, number, validFrom, validTo } = about;
        const span = { validFrom: validFrom as InstantMs, validTo: validTo as InstantMs };
        const row = { id, merchantId: who.merchantId, category, number, ...span, ...file };
        await q.insert(q.t.permits).values({ ...row, status: 'waiting', createdAt: clock.now() });
        await audit(q, { who, action: 'permit.hand-in', subject: id, facts: { category } });
        await platform.events.emit(q, permitEvent({ id, merchantId: who.merchantId, category, status: 'waiting' }));
        return id;
      }),
    );
    const row = await findPermit(store.read, kept);
    if (!row) throw notFound('permit');
    return row;
  };
}

export const permitEvent = ({
  id,
  merchantId,
  category,
  status,
}: Pick<PermitRow, 'id' | 'merchantId' | 'category' | 'status'>) => ({
  type: 'permit' as const,
  subject: id,
  facts: { category, status },
  merchantId,
});

function requireWindow({ category, validFrom, validTo }: z.output<typeof permitQuery>, now: InstantMs): void {
  const { standing, needsPermit } = categoryRules[category];
  if (standing === 'banned') throw refusal('category-banned', 'no permit lets this be advertised', { category });
  if (!needsPermit) throw refusal('permit-not-needed', 'this may be advertised without a permit', { category });
  if (validFrom >= validTo || validTo <= now)
    throw refusal('permit-window-invalid', 'a permit ends after it begins, and in the future');
}

async function requireRoom(q: Reads, merchantId: string): Promise<void> {
  if ((await countPermits(q, merchantId, 'waiting')) >= waitingMax)
    throw refusal('too-many-permits', 'so many permits are waiting already', { max: waitingMax });
}
