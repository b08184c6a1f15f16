import { after, days, instant } from '@gatecast/firmware-protocol';
import { clockQuality, doorRows, healthRows } from '@gatecast/firmware-protocol/messages';
import { and, desc, eq, gte, inArray, lte, or } from 'drizzle-orm';
import type { Reads } from '../../platform/db/store.ts';
import type { StoryItem } from './contract.ts';

/** A row of one list; the story sorts them by time. */
export const item = (over: Pick<StoryItem, 'at' | 'hop' | 'what'> & Partial<StoryItem>): StoryItem => ({
  terminalId: null,
  terminalName: null,
  who: null,
  why: null,
  facts: {},
  leads: null,
  ...over,
});

export interface DoorRowKey {
  readonly terminalId: string;
  readonly epoch: number;
  readonly seq: number;
}

/** By which list and with how sure a clock refusals were decided, as the terminal's own journal says; by `terminal.epoch.seq`. */
export async function whyOf(q: Reads, keys: readonly DoorRowKey[]): Promise<ReadonlyMap<string, StoryItem['why']>> {
  const reasons = new Map<string, StoryItem['why']>();
  const t = q.t.journalRows;
  for (const [place, own] of Map.groupBy(keys, ({ terminalId, epoch }) => `${terminalId}.${epoch}`)) {
    const [first] = own;
    if (!first) continue;
    const rows = await q
      .select({ seq: t.seq, clock: t.clock, body: t.body })
      .from(t)
      .where(
        and(
          eq(t.terminalId, first.terminalId),
          eq(t.epoch, first.epoch),
          eq(t.stream, 'door'),
          inArray(
            t.seq,
            own.map(({ seq }) => seq),
          ),
        ),
      );
    for (const { seq, clock, body } of rows) {
      const refused = doorRows.refused.safeParse(body).data;
      if (refused)
        reasons.set(`${place}.${seq}`, {
          rule: refused.reason,
          list: refused.list,
          clock: clockQuality.safeParse(clock).data ?? null,
        });
    }
  }
  return reasons;
}

/** Each claim begins an epoch; older ones than these are another machine's story. */
const epochsMax = 3;

/** The newest of a terminal's own health journal, from before it was claimed anew too. */
export async function healthItems(q: Reads, terminalId: string, limit: number): Promise<StoryItem[]> {
  const { terminals, journalRows: t } = q.t;
  const [terminal] = await q.select({ epoch: terminals.epoch }).from(terminals).where(eq(terminals.id, terminalId));
  const newest = terminal?.epoch ?? 0;
  const rows = [];
  for (let epoch = newest; epoch > Math.max(0, newest - epochsMax) && rows.length < limit; epoch -= 1) {
    const own = await q
      .select({ kind: t.kind, at: t.wallMs, body: t.body })
      .from(t)
      .where(and(eq(t.terminalId, terminalId), eq(t.epoch, epoch), eq(t.stream, 'health')))
      .orderBy(desc(t.seq))
      .limit(limit - rows.length);
    rows.push(...own);
  }
  return rows.flatMap(({ kind, at, body }) => {
    const facts = healthFacts(kind, body);
    // A version that did not stay is told as what became of it.
    const what = kind === 'applied' && facts?.['state'] !== 'applied' ? `document-${facts?.['state']}` : kind;
    return facts ? [item({ at, hop: 'health', what, terminalId, facts })] : [];
  });
}

function healthFacts(kind: string, body: unknown): StoryItem['facts'] | undefined {
  switch (kind) {
    case 'boot':
      return healthRows.boot.safeParse(body).data;
    case 'applied':
      return healthRows.applied.safeParse(body).data;
    case 'uplink':
      return healthRows.uplink.safeParse(body).data;
    case 'lost': {
      const lost = healthRows.lost.safeParse(body).data;
      return lost && { stream: lost.stream, from: lost.from, to: lost.to, count: lost.count };
    }
    case 'disputed': {
      const disputed = healthRows.disputed.safeParse(body).data;
      return disputed && { stream: disputed.stream, fault: disputed.fault, seq: disputed.seq };
    }
    default:
      return undefined;
  }
}

export async function commandItems(q: Reads, terminalId: string, limit: number): Promise<StoryItem[]> {
  const t = q.t.commands;
  const rows = await q.select().from(t).where(eq(t.terminalId, terminalId)).orderBy(desc(t.expiresAt)).limit(limit);
  return rows.map(({ kind, state, reason, times, expiresAt }) =>
    item({
      at: times.QUEUED ?? expiresAt,
      hop: 'command',
      what: state,
      terminalId,
      facts: { kind, reason },
    }),
  );
}

export async function alarmItems(q: Reads, terminalId: string, limit: number): Promise<StoryItem[]> {
  const t = q.t.fleetAlarms;
  const rows = await q.select().from(t).where(eq(t.terminalId, terminalId)).orderBy(desc(t.raisedAt)).limit(limit);
  return rows.flatMap(({ kind, severity, raisedAt, endedAt }) =>
    raisedAt === null
      ? []
      : [item({ at: raisedAt, hop: 'alarm', what: kind, terminalId, facts: { severity, endedAt } })],
  );
}

export type TouchRow = Reads['t']['touches']['$inferSelect'];
export type PlayRow = Reads['t']['plays']['$inferSelect'];
export type VisitRow = Reads['t']['visits']['$inferSelect'];

export async function touchesById(q: Reads, ids: readonly string[]): Promise<TouchRow[]> {
  if (ids.length === 0) return [];
  return q
    .select()
    .from(q.t.touches)
    .where(inArray(q.t.touches.id, [...ids]));
}

export async function playById(q: Reads, id: string): Promise<PlayRow | undefined> {
  const [row] = await q.select().from(q.t.plays).where(eq(q.t.plays.id, id));
  return row;
}

/** A play begins in its touch's window, or just after. */
const playWithinMs = 600_000;
/** Touches whose plays are looked for at once. */
const touchesMax = 100;

export async function playsAt(q: Reads, touches: readonly TouchRow[]): Promise<PlayRow[]> {
  const t = q.t.plays;
  if (touches.length === 0) return [];
  const places = touches
    .slice(0, touchesMax)
    .map((touch) =>
      and(
        eq(t.terminalId, touch.terminalId),
        gte(t.startedAt, touch.startedAt),
        lte(t.startedAt, instant(touch.startedAt + playWithinMs)),
        eq(t.touch, touch.id),
      ),
    );
  return q
    .select()
    .from(t)
    .where(or(...places));
}

/** Plays of a code's campaign at its screen in its half-hour: one of them was scanned. */
export async function playsBehind(q: Reads, visit: VisitRow, limit: number): Promise<PlayRow[]> {
  const t = q.t.plays;
  return q
    .select()
    .from(t)
    .where(
      and(
        eq(t.campaignId, visit.campaignId),
        eq(t.communityId, visit.communityId),
        eq(t.halfHour, visit.halfHour),
        eq(t.terminalId, visit.terminalId),
      ),
    )
    .orderBy(desc(t.startedAt))
    .limit(limit);
}

export async function visitById(q: Reads, id: string): Promise<VisitRow | undefined> {
  const [row] = await q.select().from(q.t.visits).where(eq(q.t.visits.id, id));
  return row;
}

/** A code on a photo of a screen is good for so long, as the slice that reads it has it. */
const scanWithinMs = days(30);

/** What was bought, and where it is picked up. */
export async function orderById(q: Reads, id: string): Promise<{ dealTitle: string; storeName: string } | undefined> {
  const { orders: t, deals, stores } = q.t;
  const [row] = await q
    .select({ dealTitle: deals.title, storeName: stores.name })
    .from(t)
    .innerJoin(deals, eq(deals.id, t.dealId))
    .innerJoin(stores, eq(stores.id, t.storeId))
    .where(eq(t.id, id));
  return row;
}

/** Scans of the same campaign at the same screen in the same half-hour as some plays. */
export async function visitsAfter(q: Reads, plays: readonly PlayRow[]): Promise<VisitRow[]> {
  const t = q.t.visits;
  const places = plays.flatMap(({ campaignId, terminalId, halfHour }) =>
    campaignId === null
      ? []
      : [
          and(
            eq(t.campaignId, campaignId),
            gte(t.at, halfHour),
            lte(t.at, after(halfHour, scanWithinMs)),
            eq(t.terminalId, terminalId),
            eq(t.halfHour, halfHour),
          ),
        ],
  );
  if (places.length === 0) return [];
  return q
    .select()
    .from(t)
    .where(or(...places))
    .limit(touchesMax);
}

/** Residents of a flat, those who moved out of it lately among them. */
export async function residentsOf(q: Reads, unitId: string): Promise<{ id: string; name: string }[]> {
  const t = q.t.residents;
  return q
    .select({ id: t.id, name: t.name })
    .from(t)
    .where(and(eq(t.unitId, unitId), inArray(t.state, ['active', 'moved-out'])))
    .limit(20);
}

/** Flats by number, and by building if one is named, in some communities. */
export async function unitsLike(
  q: Reads,
  communityIds: readonly string[],
  { building, number }: { readonly building: string | undefined; readonly number: string },
  limit: number,
) {
  if (communityIds.length === 0) return [];
  const t = q.t.units;
  return q
    .select()
    .from(t)
    .where(
      and(
        inArray(t.communityId, [...communityIds]),
        building === undefined ? undefined : eq(t.building, building),
        eq(t.number, number),
      ),
    )
    .limit(limit);
}
