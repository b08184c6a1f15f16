import type { InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, gte, inArray, lte, ne } from 'drizzle-orm';
import type { Reads } from '../platform/db/store.ts';
import { newestRows } from './log-store.ts';

/** What happened at a door, without a word about who it was. */
export interface DoorMoment {
  readonly terminalId: string;
  readonly epoch: number;
  readonly seq: number;
  readonly entranceId: string;
  readonly kind: string;
  readonly via: string | null;
  readonly reason: string | null;
  readonly person: string | null;
  readonly at: InstantMs;
  readonly touchId: string | null;
}

/** A touch is told some moments after the door was opened for it, by a clock that may have been set in between. */
const touchAfterMs = 120_000;

/** The newest of a terminal, newest first. Openings under threat are for the property's own log. */
export async function doorMoments(q: Reads, terminalId: string, limit: number): Promise<DoorMoment[]> {
  const scope = { companyId: undefined, communityIds: undefined, withDuress: false, since: undefined };
  const keys = await newestRows(q, scope, { terminalId }, undefined, limit);
  const t = q.t.accessEvents;
  const found = await momentsWhere(
    q,
    inArray(
      t.no,
      keys.map(({ no }) => no),
    ),
  );
  return found.toSorted((a, b) => b.at - a.at || b.seq - a.seq);
}

/** The opening that made a touch; undefined once the log has forgotten which one it was. */
export async function openingOf(
  q: Reads,
  touch: { readonly id: string; readonly terminalId: string; readonly startedAt: InstantMs },
): Promise<DoorMoment | undefined> {
  const t = q.t.accessEvents;
  const near = and(
    eq(t.terminalId, touch.terminalId),
    gte(t.at, (touch.startedAt - touchAfterMs) as InstantMs),
    lte(t.at, (touch.startedAt + touchAfterMs) as InstantMs),
  );
  const [found] = await momentsWhere(q, and(near, eq(t.touchId, touch.id)));
  return found;
}

/** The touches that rows of the log made, by `terminal.epoch.seq`. */
export async function touchesOf(q: Reads, eventIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const made = new Map<string, string>();
  const byPlace = Map.groupBy(eventIds, (id) => id.split('.').slice(0, 2).join('.'));
  for (const [place, ids] of byPlace) {
    const [terminalId = '', epoch = ''] = place.split('.');
    const t = q.t.accessEvents;
    const rows = await q
      .select({ seq: t.seq, touchId: t.touchId })
      .from(t)
      .where(
        and(
          eq(t.terminalId, terminalId),
          eq(t.epoch, Number(epoch)),
          inArray(
            t.seq,
            ids.map((id) => Number(id.split('.')[2])),
          ),
        ),
      );
    for (const { seq, touchId } of rows) if (touchId !== null) made.set(`${place}.${seq}`, touchId);
  }
  return made;
}

async function momentsWhere(q: Reads, condition: ReturnType<typeof and>): Promise<DoorMoment[]> {
  const t = q.t.accessEvents;
  return q
    .select({
      terminalId: t.terminalId,
      epoch: t.epoch,
      seq: t.seq,
      entranceId: t.entranceId,
      kind: t.kind,
      via: t.via,
      reason: t.reason,
      person: t.person,
      at: t.at,
      touchId: t.touchId,
    })
    .from(t)
    .where(and(ne(t.kind, 'duress'), condition));
}
