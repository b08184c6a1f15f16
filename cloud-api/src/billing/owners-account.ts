import { fen, instant, localTime, newId, days, hours, type InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, desc, eq, gt, gte, lt, sql } from 'drizzle-orm';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { z } from 'zod';
import type { Community } from '../communities/contract.ts';
import type { Communities } from '../communities/service.ts';
import type { FileLinks } from '../content/file-links.ts';
import { receiveScan } from '../content/receive-scan.ts';
import type { As } from '../platform/auth.ts';
import type { BlobStore } from '../platform/blob-store.ts';
import type { Reads } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { Settlement } from '../settlement/service.ts';
import {
  payoutBytesMax,
  type newPayoutQuery,
  type OwnersAccount,
  type PublicIncome,
  type QuarterIncome,
} from './contract.ts';
import { quarterBefore, quarterOf, type Party, type Quarter } from './rules.ts';
import * as rows from './store.ts';

export interface OwnersAccounts {
  /** What a community's screens brought, for whoever manages it. */
  account(communityId: string): Promise<OwnersAccount>;
  /** What was published of it. */
  published(communityId: string): Promise<PublicIncome>;
  /** Notes that money was handed over. Rejects with `payout-exceeds`, `scan-unreadable` or `scan-too-large`. */
  payOut(
    who: As<'operator'>,
    communityId: string,
    paid: z.output<typeof newPayoutQuery>,
    document: WebStream<Uint8Array>,
    call: Call,
  ): Promise<OwnersAccount>;
  /** Publishes now what its job would at its next turn. */
  publish(signal: AbortSignal): Promise<void>;
  findPayout(q: Reads, id: string): Promise<PayoutRow | undefined>;
}
type PayoutRow = Reads['t']['ownerPayouts']['$inferSelect'];

export interface OwnersAccountParts {
  readonly communities: Communities;
  readonly settlement: Settlement;
  readonly papers: BlobStore;
  readonly links: FileLinks;
}

/** What is shown of the past. */
const quartersMax = 12;
const payoutsMax = 50;

export function createOwnersAccounts(platform: Platform, parts: OwnersAccountParts): OwnersAccounts {
  const { store, clock } = platform;
  const { communities, settlement, links } = parts;
  const publish = publishQuarterly(platform, parts);

  const account = async (communityId: string): Promise<OwnersAccount> => {
    const { read } = store;
    const community = await communities.get(read, communityId);
    const quarter = quarterOf(clock.now(), community.zone);
    const running = await incomeIn(read, community, quarter);
    const owedOwnersFen = await settlement.owedTo(read, 'owners', communityId);
    const payouts = await payoutsOf(read, communityId);
    return {
      communityId,
      communityName: community.name,
      owedOwnersFen,
      owedManagementFen: await settlement.owedTo(read, 'management', communityId),
      quarters: [{ ...running, owedOwnersFen, publishedAt: null }, ...(await statementsOf(read, communityId))],
      payouts: await Promise.all(
        payouts.map(async ({ id, party, amountFen, paidOn, createdAt, fileType }) => {
          const fileUrl = await links.sign(read, `/v1/ad-payouts/${id}/document`);
          return { id, party, amountFen, paidOn, createdAt, fileType, fileUrl };
        }),
      ),
    };
  };

  return {
    account,
    publish,
    async published(communityId) {
      const { name } = await communities.get(store.read, communityId);
      return { communityName: name, quarters: await statementsOf(store.read, communityId) };
    },
    async payOut(who, communityId, paid, document, call) {
      await recordPayout(platform, parts, who, { communityId, ...paid }, document, call);
      return account(communityId);
    },
    async findPayout(q, id) {
      const [row] = await q.select().from(q.t.ownerPayouts).where(eq(q.t.ownerPayouts.id, id));
      return row;
    },
  };
}

async function recordPayout(
  { store, clock, audit }: Platform,
  { communities, settlement, papers }: OwnersAccountParts,
  who: As<'operator'>,
  { communityId, party, amountFen, paidOn }: z.output<typeof newPayoutQuery> & { readonly communityId: string },
  document: WebStream<Uint8Array>,
  call: Call,
): Promise<void> {
  const { zone } = await communities.get(store.read, communityId);
  if (paidOn > localTime(clock.now(), zone).date) throw refusal('invalid-request', 'it is not paid yet');
  const id = newId('payout');
  const file = await receiveScan(papers, id, document, payoutBytesMax);
  await store.tx((q) =>
    once(q, clock, { ...call, requestHash: `${call.requestHash}.${file.fileSha256}` }, async () => {
      await q.lock(`owners-account:${communityId}`);
      if (!(await settlement.payOut(q, { id, party, communityId, amountFen: fen(amountFen) })))
        throw refusal('payout-exceeds', 'so much is not owed', {
          owedFen: await settlement.owedTo(q, party, communityId),
        });
      const row = { id, communityId, party, amountFen, paidOn, ...file, recordedBy: who.accountId };
      await q.insert(q.t.ownerPayouts).values({ ...row, createdAt: clock.now() });
      await audit(q, { who, action: 'owners-account.pay-out', subject: id, facts: { communityId, party, amountFen } });
      return id;
    }),
  );
}

async function payoutsOf(q: Reads, communityId: string): Promise<PayoutRow[]> {
  const t = q.t.ownerPayouts;
  return q.select().from(t).where(eq(t.communityId, communityId)).orderBy(desc(t.createdAt)).limit(payoutsMax);
}

async function statementsOf(q: Reads, communityId: string): Promise<QuarterIncome[]> {
  const t = q.t.ownerStatements;
  const found = await q
    .select()
    .from(t)
    .where(eq(t.communityId, communityId))
    .orderBy(desc(t.quarter))
    .limit(quartersMax);
  return found.map(({ communityId: _id, madeAt, ...sums }) => ({ ...sums, publishedAt: madeAt }));
}

/** By when it was billed and recorded, so that a quarter that is over does not change any more. */
async function incomeIn(
  q: Reads,
  { id: communityId }: Pick<Community, 'id'>,
  { name, from, to }: Quarter,
): Promise<Omit<QuarterIncome, 'owedOwnersFen' | 'publishedAt'>> {
  const income = await rows.incomeOf(q, communityId, { from, to });
  const paid = (party: Party) => paidIn(q, communityId, party, { from, to });
  return {
    quarter: name,
    ...income,
    paidOwnersFen: await paid('owners'),
    paidManagementFen: await paid('management'),
  };
}

async function paidIn(q: Reads, communityId: string, party: Party, { from, to }: rows.Span): Promise<number> {
  const t = q.t.ownerPayouts;
  const [row] = await q
    .select({ sum: sql<number>`coalesce(sum(${t.amountFen}), 0)`.mapWith(Number) })
    .from(t)
    .where(and(eq(t.communityId, communityId), eq(t.party, party), gte(t.createdAt, from), lt(t.createdAt, to)));
  return row?.sum ?? 0;
}

const publishEveryMs = hours(6);
const perLook = 500;
/** The end of a quarter comes to all zones of the earth within so much. */
const zonesMs = days(1);

/** Publishes what the screens of each community brought in the quarter that is over, once; a community without income or payouts in it has nothing to publish. */
function publishQuarterly(platform: Platform, parts: OwnersAccountParts): OwnersAccounts['publish'] {
  const { store, jobs } = platform;
  const publish = async (signal: AbortSignal): Promise<void> => {
    let last = '';
    for (;;) {
      const ids = await communitiesWithIncome(store.read, last, instant(platform.clock.now() - zonesMs));
      for (const id of ids) {
        if (signal.aborted) return;
        await publishOne(platform, parts, id);
      }
      last = ids.at(-1) ?? last;
      if (ids.length < perLook) return;
    }
  };
  jobs.handle('billing.statements', { everyMs: publishEveryMs, run: (_payload, { signal }) => publish(signal) });
  return publish;
}

async function communitiesWithIncome(q: Reads, last: string, before: InstantMs): Promise<string[]> {
  const t = q.t.invoiceLines;
  const found = await q
    .selectDistinct({ id: t.communityId })
    .from(t)
    .where(and(gt(t.communityId, last), lt(t.madeAt, before)))
    .orderBy(asc(t.communityId))
    .limit(perLook);
  return found.map(({ id }) => id);
}

async function publishOne({ store, clock }: Platform, { communities }: OwnersAccountParts, id: string): Promise<void> {
  const community = (await communities.about(store.read, [id])).get(id);
  if (!community) return;
  const quarter = quarterBefore(quarterOf(clock.now(), community.zone), community.zone);
  const t = store.read.t.ownerStatements;
  const known = await store.read
    .select({ quarter: t.quarter })
    .from(t)
    .where(and(eq(t.communityId, id), eq(t.quarter, quarter.name)));
  if (known.length > 0) return;
  await store.tx(async (q) => {
    const sums = await incomeIn(q, community, quarter);
    const ever = { from: instant(0), to: quarter.to };
    const { ownersFen } = await rows.incomeOf(q, id, ever);
    const owedOwnersFen = ownersFen - (await paidIn(q, id, 'owners', ever));
    const { incomeFen, paidOwnersFen, paidManagementFen } = sums;
    if ([incomeFen, paidOwnersFen, paidManagementFen, owedOwnersFen].every((amountFen) => amountFen === 0)) return;
    const row = { communityId: id, ...sums, owedOwnersFen, madeAt: clock.now() };
    await q.insert(q.t.ownerStatements).values(row).onConflictDoNothing();
  });
}
