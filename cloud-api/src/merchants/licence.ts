import { days, instant, newId } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import { rm } from 'node:fs/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { makerFault } from '../content/maker/maker-fault.ts';
import { photoBytesMax, takePhoto } from '../content/maker/photo-intake.ts';
import type { As } from '../platform/auth.ts';
import type { BlobStore } from '../platform/blob-store.ts';
import { refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { isCreditCode } from './rules.ts';
import * as rows from './store.ts';

/** Who was rejected and has not come back has its photo kept for so long. */
const keptAfterRejectionMs = days(90);
/**
 * Who was suspended and has not come back has left. Its papers are kept three years from then, as long as the E-Commerce Law (电子商务法, article 31) has platforms
 * keep what they know of those who traded on them.
 */
const keptAfterLeavingMs = days(3 * 366);
const lookEveryMs = days(1);
/** A run; the rest follows in the next. */
const photosMax = 200;

/**
 * Takes the photo of a business licence in: decoded within limits and coded again without what the camera noted, the place among it. Rejects with
 * `licence-number-invalid`, `merchant-state` once the operator has said yes, or the `photo-…` codes.
 */
export function createLicences({ store, clock, audit }: Platform, papers: BlobStore) {
  return async (who: As<'merchant'>, number: string, photo: WebStream<Uint8Array>): Promise<void> => {
    if (!isCreditCode(number)) throw refusal('licence-number-invalid', 'the check character of this number is wrong');
    const before = await rows.findMerchant(store.read, who.merchantId);
    requireUndecided(before);
    const sha256 = await keepPhoto(papers, photo);
    await store.tx(async (q) => {
      requireUndecided(await rows.findMerchant(q, who.merchantId));
      const t = q.t.merchants;
      await q
        .update(t)
        .set({ licenceNumber: number, licenceSha256: sha256, licenceAt: clock.now() })
        .where(eq(t.id, who.merchantId));
      await audit(q, { who, action: 'merchant.hand-in-licence', subject: who.merchantId });
    });
    await removeUnnamed({ store }, papers, before?.licenceSha256 ?? null);
  };
}

/** What the operator has looked at stays what it was. */
function requireUndecided(merchant: rows.MerchantRow | undefined): void {
  if (merchant?.status !== 'applied' && merchant?.status !== 'rejected')
    throw refusal('merchant-state', 'the licence has been checked; write to the operator to change it');
}

async function keepPhoto(papers: BlobStore, photo: WebStream<Uint8Array>): Promise<string> {
  const name = newId('photo');
  const output = papers.desk(`${name}.jpg`);
  try {
    await papers.receive(name, photo, photoBytesMax, (bytesMax) => makerFault('photo-too-large', { bytesMax }));
    await takePhoto(papers.desk(name), output);
    return (await papers.keep(output)).sha256;
  } finally {
    await papers.discard(name);
    await rm(output, { force: true });
  }
}

async function removeUnnamed({ store }: Pick<Platform, 'store'>, papers: BlobStore, sha256: string | null) {
  if (sha256 !== null && !(await rows.isLicenceNamed(store.read, sha256))) await papers.remove(sha256);
}

/** Deletes the papers of those whom the operator did not take, and of those that left, some time after. Number and decision stay. */
export function forgetPapers(platform: Platform, papers: BlobStore): void {
  const { jobs, store, clock, audit } = platform;
  jobs.handle('merchants.forget-licences', {
    everyMs: lookEveryMs,
    async run() {
      const before = {
        rejected: instant(clock.now() - keptAfterRejectionMs),
        suspended: instant(clock.now() - keptAfterLeavingMs),
      };
      for (const { id, status, licenceSha256 } of await rows.papersOver(store.read, before, photosMax)) {
        // A rejected store may come back with the account that it gave.
        const payee = status === 'suspended' ? { payeeSealed: null, payeeMask: null, payeeAt: null } : {};
        await store.tx(async (q) => {
          const t = q.t.merchants;
          await q
            .update(t)
            .set({ licenceSha256: null, ...payee })
            .where(eq(t.id, id));
          await audit(q, { who: 'system', action: 'merchant.delete-licence', subject: id });
        });
        await removeUnnamed(platform, papers, licenceSha256);
      }
    },
  });
}
