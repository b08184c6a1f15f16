import { newId, type InstantMs } from '@gatecast/firmware-protocol';
import { open } from 'node:fs/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { z } from 'zod';
import type { As } from '../platform/auth.ts';
import type { BlobStore } from '../platform/blob-store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { categoryRules } from './categories.ts';
import { permitBytesMax, type permitQuery } from './permit-contract.ts';
import { countPermits, findPermit, type PermitRow } from './permit-store.ts';
import { scanHeadBytes, scanTypeOf } from './scan.ts';

/** Of one merchant, not yet looked at. */
const waitingMax = 20;

/** Takes a permit and its scan in. The scan is never opened here: its first bytes say what it is, and a browser shows it in a box of its own. */
export function createHandIn(platform: Platform, blobs: BlobStore) {
  const { store, clock, audit } = platform;
  return async (
    who: As<'merchant'>,
    about: z.output<typeof permitQuery>,
    scan: WebStream<Uint8Array>,
    call: Call,
  ): Promise<PermitRow> => {
    requireWindow(about, clock.now());
    const id = newId('permit');
    const name = `${id}.scan`;
    try {
      const { sha256 } = await blobs.receive(name, scan, permitBytesMax, (bytesMax) =>
        refusal('scan-too-large', 'the scan is too large', { bytesMax }),
      );
      const fileType = scanTypeOf(await headOf(blobs.desk(name)));
      if (!fileType) throw refusal('scan-unreadable', 'the scan is neither JPEG, PNG nor PDF');
      await blobs.keepCopy(blobs.desk(name));
      const kept = await store.tx((q) =>
        once(q, clock, { ...call, requestHash: `${call.requestHash}.${sha256}` }, async () => {
          await q.lock(`permits:${who.merchantId}`);
          if ((await countPermits(q, who.merchantId, 'waiting')) >= waitingMax)
            throw refusal('too-many-permits', 'so many permits are waiting already', { max: waitingMax });
          const { category, number, validFrom, validTo } = about;
          const span = { validFrom: validFrom as InstantMs, validTo: validTo as InstantMs };
          const row = { id, merchantId: who.merchantId, category, number, ...span, fileSha256: sha256, fileType };
          await q.insert(q.t.permits).values({ ...row, status: 'waiting', createdAt: clock.now() });
          await audit(q, { who, action: 'permit.hand-in', subject: id, facts: { category } });
          await platform.events.emit(q, permitEvent({ id, merchantId: who.merchantId, category, status: 'waiting' }));
          return id;
        }),
      );
      const row = await findPermit(store.read, kept);
      if (!row) throw notFound('permit');
      return row;
    } finally {
      await blobs.discard(name);
    }
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

async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(scanHeadBytes), 0, scanHeadBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
