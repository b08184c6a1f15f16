import { instant, invariant, newId, type InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, count, eq, isNull, sql } from 'drizzle-orm';
import type { Sign } from '../fleet/alarms/watch-rules.ts';
import type { Operator } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import type { Reads, Store, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { newestFirst, type Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { PaymentTrouble, SettleTrouble } from './contract.ts';
import { endingsOf, type TroubleKind } from './rules.ts';

type TroubleRow = Store['read']['t']['paymentTroubles']['$inferSelect'];

export interface NewTrouble {
  readonly kind: TroubleKind;
  /** What it is about: the provider's transaction, or the number of a refund. One trouble a kind and number. */
  readonly subjectNo: string;
  /** Null where nobody asked for such a payment. */
  readonly paymentId: string | null;
  readonly amountFen: number;
  readonly expectedFen?: number;
  /** The account that the provider named. */
  readonly merchantNo?: string;
  /** The provider's own word. */
  readonly reason?: string;
}

/** Keeps what somebody has to look at. What was dealt with and is there again is open again. */
export async function keepTrouble(q: Tx, at: InstantMs, trouble: NewTrouble): Promise<void> {
  const { expectedFen = null, merchantNo = null, reason = null, ...rest } = trouble;
  const open = { endedAt: null, endedBy: null, ending: null, note: null };
  const t = q.t.paymentTroubles;
  await q
    .insert(t)
    .values({ id: newId('paymentTrouble'), at, ...rest, expectedFen, merchantNo, reason, ...open })
    .onConflictDoUpdate({
      target: [t.kind, t.subjectNo],
      set: { at, reason, ...open },
      // What is open keeps its time; what a person has noted stays noted, however often the provider says it again.
      setWhere: sql`${t.endedAt} is not null and ${t.ending} <> 'noted'`,
    });
}

/** What was stuck has come loose by itself. */
export async function endTroubles(q: Tx, at: InstantMs, subjectNo: string): Promise<void> {
  const t = q.t.paymentTroubles;
  await q
    .update(t)
    .set({ endedAt: at, endedBy: 'system', ending: 'done' })
    .where(and(eq(t.subjectNo, subjectNo), isNull(t.endedAt)));
}

/** From how many on open troubles are one alarm. */
const apartMax = 20;

/** Money that somebody has to look at: an alarm each, so that each has somebody who takes it; very many are one. */
export async function paymentTroubleSigns(q: Reads): Promise<Sign[]> {
  const t = q.t.paymentTroubles;
  const open = await q
    .select()
    .from(t)
    .where(isNull(t.endedAt))
    .orderBy(asc(t.at))
    .limit(apartMax + 1);
  const [oldest] = open;
  if (!oldest) return [];
  const alike = { kind: 'payment-trouble', terminalId: null, communityId: null, terminals: 0 } as const;
  if (open.length > apartMax) {
    const [all] = await q.select({ n: count() }).from(t).where(isNull(t.endedAt));
    return [{ ...alike, since: oldest.at, facts: { troubles: all?.n ?? 0 } }];
  }
  return open.map(({ id, kind, subjectNo, amountFen, at: since }) => ({
    ...alike,
    subject: id,
    since,
    facts: { trouble: id, what: kind, number: subjectNo, amountFen },
  }));
}

export interface Troubles {
  readonly list: (query: Paging & { readonly open?: 'yes' | 'no' | undefined }) => Promise<Page<PaymentTrouble>>;
  /** Rejects with `not-found`, or with `conflict` if it has ended otherwise or cannot end like this. */
  readonly settle: (who: Operator, id: string, how: SettleTrouble) => Promise<PaymentTrouble>;
}

/** What became of the money, for whoever has decided it. */
export interface StuckRefunds {
  readonly askAgain: (q: Tx, refundNo: string) => Promise<void>;
  readonly returned: (q: Tx, refundNo: string) => Promise<void>;
}

export function createTroubles({ store, clock, audit }: Platform, refunds: StuckRefunds): Troubles {
  const find = async (q: Reads, id: string): Promise<TroubleRow> => {
    const [row] = await q.select().from(q.t.paymentTroubles).where(eq(q.t.paymentTroubles.id, id));
    if (!row) throw notFound('payment trouble');
    return row;
  };
  return {
    async list({ open, ...paging }) {
      const t = store.read.t.paymentTroubles;
      const newest = newestFirst(t.at, t.id, paging);
      const which = open === undefined ? undefined : open === 'yes' ? isNull(t.endedAt) : sql`${t.endedAt} is not null`;
      const rows = await store.read
        .select()
        .from(t)
        .where(and(which, newest.where))
        .orderBy(...newest.order)
        .limit(newest.take);
      return newest.page(rows, (row) => instant(row.at), shown);
    },
    settle: (who, id, { ending, note }) =>
      store.tx(async (q) => {
        const before = await find(q, id);
        if (!endingsOf[before.kind].includes(ending)) throw refusal('conflict', 'this trouble does not end like that');
        const t = q.t.paymentTroubles;
        const end = { ending, note, endedAt: clock.now(), endedBy: who.accountId };
        const ended = await q
          .update(t)
          .set(end)
          .where(and(eq(t.id, id), isNull(t.endedAt)))
          .returning({ id: t.id });
        const now = await find(q, id);
        if (ended.length === 0) {
          if (now.ending !== ending) throw refusal('conflict', 'somebody has dealt with it otherwise');
          return shown(now);
        }
        if (ending === 'asked-again') await refunds.askAgain(q, before.subjectNo);
        if (ending === 'returned-by-hand') await refunds.returned(q, before.subjectNo);
        await audit(q, { who, action: 'payment-trouble.settle', subject: id, facts: { kind: before.kind, ending } });
        return shown(now);
      }),
  };
}

function shown(row: TroubleRow): PaymentTrouble {
  const { ending } = row;
  invariant((ending === null) === (row.endedAt === null), 'what has ended says how');
  return { ...row, ending };
}
