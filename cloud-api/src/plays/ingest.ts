import { halfHourOf, type InstantMs } from '@gatecast/firmware-protocol';
import type { Tx } from '../platform/db/store.ts';
import type { NewEvent } from '../platform/events.ts';
import type { JournalArrival } from '../platform/journal-streams.ts';
import type { Platform } from '../platform/platform.ts';
import type { ClipNames } from './clip-names.ts';
import { readPlayRows, touchesOf, type PlayRow } from './rows-read.ts';

/** Half-hours that a terminal of a community has closed. */
export type ClosedHook = (q: Tx, communityId: string, halfHours: readonly InstantMs[]) => Promise<void>;

/** Makes rows of the play stream queryable. What this version cannot read stays in the journal and is told of in the log. */
export function ingestPlays({ journal, events, log, clock }: Platform, names: ClipNames, closed: ClosedHook): void {
  journal.on('play', async (q, arrival) => {
    const { known, unread } = readPlayRows(arrival.rows);
    if (unread.length > 0)
      log.warn({ terminalId: arrival.terminalId, unread }, 'rows of the play stream cannot be read');
    await storeTouches(q, arrival, known);
    await storePlays(q, arrival, known);
    await names.freeze(q, playedClips(known), clock.now());
    const halfHours = await storeHalfHours(q, arrival, known);
    if (halfHours.length > 0) await closed(q, arrival.communityId, halfHours);
    await events.emit(q, ...known.slice(-eventsPerBatchMax).map((row) => eventOf(arrival, row)));
  });
}

/** A terminal that was away for days does not flood the live pages. */
const eventsPerBatchMax = 50;

type Where = Pick<JournalArrival, 'terminalId' | 'communityId' | 'epoch'>;

async function storeTouches(q: Tx, { terminalId, communityId }: Where, rows: readonly PlayRow[]): Promise<void> {
  const touches = rows.flatMap((row) => (row.kind === 'touch' ? [row.body] : []));
  const values = touches.map(({ touch, entrance, placement, event, unbillable, startedAt, windowMs, endedBy }) => ({
    id: touch,
    terminalId,
    communityId,
    entranceId: entrance,
    placement,
    event,
    unbillable,
    startedAt,
    windowMs,
    endedBy,
  }));
  await q.insertMany(q.t.touches, values, { onConflict: 'nothing' });
}

async function storePlays(q: Tx, { terminalId, communityId, epoch }: Where, rows: readonly PlayRow[]): Promise<void> {
  const plays = rows.flatMap((row) => (row.kind === 'play' ? [row] : []));
  const values = plays.map(({ seq, wallMs, clock, body: { entrance, campaign, reached, ...facts } }) => ({
    id: `${terminalId}:${epoch}:${seq}`,
    terminalId,
    communityId,
    entranceId: entrance,
    campaignId: campaign,
    reached: reached ?? null,
    writtenAt: wallMs,
    clockQuality: clock,
    ...facts,
  }));
  await q.insertMany(q.t.plays, values, { onConflict: 'nothing' });
}

const playedClips = (rows: readonly PlayRow[]): string[] =>
  rows.flatMap((row) => (row.kind === 'play' ? [row.body.clip] : []));

async function storeHalfHours(
  q: Tx,
  { terminalId, communityId }: Where,
  rows: readonly PlayRow[],
): Promise<InstantMs[]> {
  const closed = rows.flatMap((row) => (row.kind === 'half-hour' ? [row.body] : []));
  const values = closed.map((body) => ({
    terminalId,
    entranceId: body.entrance,
    at: halfHourOf(body.at),
    communityId,
    touches: touchesOf(body),
  }));
  await q.insertMany(q.t.halfHours, values, { onConflict: 'nothing' });
  return values.map(({ at }) => at);
}

function eventOf({ terminalId, communityId }: Where, row: PlayRow): NewEvent {
  const facts = { terminalId, communityId, entranceId: row.body.entrance };
  switch (row.kind) {
    case 'touch': {
      const { event, unbillable, startedAt } = row.body;
      return { type: 'touch', subject: terminalId, facts: { ...facts, event, unbillable, startedAt } };
    }
    case 'play': {
      const { campaign, clip, touch, rendered, viewable, completed, muted } = row.body;
      const seen = { rendered, viewable, completed, muted, atATouch: touch !== null };
      return { type: 'play', subject: terminalId, facts: { ...facts, campaignId: campaign, clip, ...seen } };
    }
    case 'half-hour':
      return { type: 'half-hour', subject: communityId, facts: { ...facts, at: row.body.at } };
  }
}
