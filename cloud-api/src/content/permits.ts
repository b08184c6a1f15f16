import { newId, type InstantMs } from '@gatecast/firmware-protocol';
import { open } from 'node:fs/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Merchants } from '../merchants/service.ts';
import type { As } from '../platform/auth.ts';
import type { BlobStore } from '../platform/blob-store.ts';
import type { Page } from '../platform/contract.ts';
import type { Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { categoryRules, permittedUntil } from './categories.ts';
import type { FileLinks } from './file-links.ts';
import {
  permitBytesMax,
  type Permit,
  type permitQuery,
  type permitRefusal,
  type permitsQuery,
} from './permit-contract.ts';
import { acceptedPermits, countPermits, findPermit, listPermits, movePermit, type PermitRow } from './permit-store.ts';
import type { Review } from './review.ts';
import { scanHeadBytes, scanTypeOf } from './scan.ts';

type Refusal = z.output<typeof permitRefusal>;

export interface Permits {
  /** Rejects with `permit-not-needed`, `permit-window-invalid`, `scan-unreadable`, `scan-too-large` or `too-many-permits`. */
  handIn(
    who: As<'merchant'>,
    about: z.output<typeof permitQuery>,
    scan: WebStream<Uint8Array>,
    call: Call,
  ): Promise<Permit>;
  list(who: As<'operator' | 'merchant'>, query: z.output<typeof permitsQuery>): Promise<Page<Permit>>;
  /** Rejects with `permit-state`, also below, and with `permit-window-invalid` if it is over. */
  accept(who: As<'operator'>, id: string): Promise<Permit>;
  refuse(who: As<'operator'>, id: string, why: Refusal): Promise<Permit>;
  /** An accepted permit no longer counts; clips that have no other leave the screens at once. */
  withdraw(who: As<'operator'>, id: string, why: Refusal): Promise<Permit>;
}

/** Of one merchant, not yet looked at. */
const waitingMax = 20;

export function createPermits(
  platform: Platform,
  parts: {
    readonly blobs: BlobStore;
    readonly links: FileLinks;
    readonly merchants: Merchants;
    readonly review: Review;
  },
): Permits {
  const { store, clock, audit } = platform;
  const { blobs, review } = parts;
  const show = createPermitView(platform, parts);
  const showOne = async (row: PermitRow): Promise<Permit> => {
    const [shown] = await show([row]);
    if (!shown) throw notFound('permit');
    return shown;
  };
  const decide = async (
    q: Tx,
    who: As<'operator'>,
    id: string,
    to: 'accepted' | 'refused' | 'withdrawn',
    why: { readonly reason: string | null; readonly note: string | null },
  ): Promise<PermitRow> => {
    const decided = { ...why, decidedBy: who.accountId, decidedAt: clock.now() };
    const row = await movePermit(q, id, to, decided);
    if (!row)
      throw (await findPermit(q, id))
        ? refusal('permit-state', 'the permit is not waiting for this')
        : notFound('permit');
    await audit(q, { who, action: `permit.${decisions[to]}`, subject: id, facts: { reason: why.reason } });
    await platform.events.emit(q, permitEvent(row));
    return row;
  };

  return {
    async handIn(who, about, scan, call) {
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
        return await showOne(row);
      } finally {
        await blobs.discard(name);
      }
    },
    async list(who, query) {
      const merchantId = who.role === 'merchant' ? who.merchantId : query.merchantId;
      const { rows, list } = await listPermits(store.read, { ...query, merchantId });
      const page = list.page(
        rows,
        (row) => row.createdAt,
        (row) => row,
      );
      return { ...page, items: await show(page.items) };
    },
    async accept(who, id) {
      const row = await store.tx(async (q) => {
        const accepted = await decide(q, who, id, 'accepted', { reason: null, note: null });
        if (accepted.validTo <= clock.now()) throw refusal('permit-window-invalid', 'this permit is over');
        return accepted;
      });
      return showOne(row);
    },
    refuse: async (who, id, why) => showOne(await store.tx((q) => decide(q, who, id, 'refused', why))),
    withdraw: async (who, id, why) =>
      showOne(
        await store.tx(async (q) => {
          const row = await decide(q, who, id, 'withdrawn', why);
          await endWhatItCarried(q, review, row, clock.now());
          return row;
        }),
      ),
  };
}

const decisions = { accepted: 'accept', refused: 'refuse', withdrawn: 'withdraw' } as const;

const permitEvent = ({
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

/** Approved clips of the merchant in that category: those that another permit carries end with it, the others now. */
async function endWhatItCarried(q: Tx, review: Review, permit: PermitRow, now: InstantMs): Promise<void> {
  const { merchantId, category } = permit;
  const t = q.t.clips;
  const until = permittedUntil(category, await acceptedPermits(q, [merchantId]), now);
  const carried = await q
    .select({ id: t.id, approvedUntil: t.approvedUntil })
    .from(t)
    .where(and(eq(t.merchantId, merchantId), eq(t.category, category), eq(t.status, 'approved')));
  for (const { id, approvedUntil } of carried) {
    if (typeof until !== 'number') await review.expire(q, id, 'permit-gone');
    else if (approvedUntil === null || approvedUntil > until)
      await q.update(t).set({ approvedUntil: until }).where(eq(t.id, id));
  }
}

function createPermitView(
  { store }: Platform,
  { links, merchants }: { readonly links: FileLinks; readonly merchants: Merchants },
) {
  return async (rows: readonly PermitRow[]): Promise<Permit[]> => {
    const names = await merchants.names(
      store.read,
      rows.map(({ merchantId }) => merchantId),
    );
    return Promise.all(
      rows.map(async (row) => ({
        ...row,
        merchantName: names.get(row.merchantId) ?? null,
        fileUrl: row.fileDeletedAt === null ? await links.sign(store.read, `/v1/permits/${row.id}/scan`) : null,
      })),
    );
  };
}
