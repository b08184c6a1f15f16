import type { InstantMs } from '@gatecast/firmware-protocol';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { and, asc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Merchants } from '../merchants/service.ts';
import type { As } from '../platform/auth.ts';
import type { BlobStore } from '../platform/blob-store.ts';
import type { Page } from '../platform/contract.ts';
import type { Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { permittedUntil } from './categories.ts';
import { checkArrived } from './clip-checks.ts';
import { emitClip } from './clip-events.ts';
import type { FileLinks } from './file-links.ts';
import type { Permit, permitQuery, permitRefusal, permitsQuery } from './permit-contract.ts';
import { createHandIn, permitEvent } from './permit-hand-in.ts';
import { acceptedPermits, findPermit, listPermits, movePermit, type PermitRow } from './permit-store.ts';
import type { Review } from './review.ts';

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
  const { review } = parts;
  const handIn = createHandIn(platform, parts.blobs);
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
    handIn: async (...asked) => showOne(await handIn(...asked)),
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
        await checkWhatWaitsForIt(platform, q, accepted);
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
          await checkWhatWaitsForIt(platform, q, row);
          return row;
        }),
      ),
  };
}

const decisions = { accepted: 'accept', refused: 'refuse', withdrawn: 'withdraw' } as const;

/** Clips of the merchant in that category that are before the reviewers: what stands on them of the permit is no longer so. */
async function checkWhatWaitsForIt(platform: Platform, q: Tx, { merchantId, category }: PermitRow): Promise<void> {
  const t = q.t.clips;
  const waiting = await q
    .select()
    .from(t)
    .where(and(eq(t.merchantId, merchantId), eq(t.category, category), eq(t.status, 'in-review')))
    .orderBy(asc(t.createdAt))
    .limit(checkedMax);
  for (const clip of waiting) await emitClip(platform.events, q, await checkArrived(platform, q, clip));
}
/** At once; one that waits behind so many keeps what was found until somebody looks. */
const checkedMax = 50;

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
    else if (approvedUntil === null || approvedUntil > until) await review.shorten(q, id, until);
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
