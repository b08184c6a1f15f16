import { after, halfHourMs, halfHourOf, InvariantError, type InstantMs } from '@gatecast/firmware-protocol';
import { setImmediate as breathe } from 'node:timers/promises';
import { cellsFrom, dropCells, putCells, type CellRow } from '../campaigns/cells.ts';
import { addPublishing } from '../campaigns/publish.ts';
import type { Tx } from '../platform/db/store.ts';
import type { JobRun } from '../platform/jobs.ts';
import type { Platform } from '../platform/platform.ts';
import type { Difference } from './differences.ts';
import * as rows from './store.ts';

/** Cells of line items that were stopped that one transaction drops, and line items that are looked for at a time. */
const cellsPerTx = 200;
const linesPerLook = 20;
const communitiesPerTx = 200;
/** Far more than there are communities. */
const publishTurnsMax = 10_000;
/** Looks for what is left of line items that were stopped, so many of them each: more than ever run at once. */
const strayLooksMax = 10_000;

export interface Changed {
  readonly cellsChanged: number;
  readonly communitiesChanged: number;
}

/** Whoever writes a plan that was made at `now` holds the lease in each of its transactions. */
export interface Writing extends Pick<JobRun, 'signal' | 'held'> {
  readonly now: InstantMs;
}

/**
 * Writes what differs from the plan before, a transaction for each part, and has the communities published in which anything does. What is cut short by a stop, or
 * by a database that went away, is published by the plan after it.
 */
export async function writePlan(
  platform: Platform,
  differences: AsyncIterable<readonly Difference[]>,
  writing: Writing,
): Promise<Changed> {
  let cellsChanged = 0;
  for await (const some of differences) {
    writing.signal.throwIfAborted();
    cellsChanged += await writeSome(platform, writing, some);
    await breathe();
  }
  cellsChanged += await dropStray(platform, writing);
  return { cellsChanged, communitiesChanged: await publishWritten(platform, writing) };
}

/** Publishes each community in which cells were written since it was published last. */
async function publishWritten(platform: Platform, { held }: Writing): Promise<number> {
  let published = 0;
  for (let turn = 0; turn < publishTurnsMax; turn += 1) {
    const some = await platform.store.tx(async (q) => {
      await held(q);
      const concerned = await rows.takeUnpublished(q, communitiesPerTx);
      await addPublishing(platform, q, concerned);
      return concerned.length;
    });
    published += some;
    if (some < communitiesPerTx) return published;
    await breathe();
  }
  throw new InvariantError('communities that were published are gone from the list');
}

/** In one transaction; a line item that has changed meanwhile keeps what it has until the plan that it asked for. Gives how many cells were written. */
async function writeSome(platform: Platform, writing: Writing, some: readonly Difference[]): Promise<number> {
  return platform.store.tx(async (q) => {
    await writing.held(q);
    const same = await rows.unchanged(
      q,
      some.map(({ line }) => line),
    );
    const own = some.filter(({ line }) => same.has(line.id));
    const put = own.flatMap((each) => each.put);
    const drop = own.flatMap((each) => each.drop);
    await putCells(q, put);
    await dropCells(q, drop);
    await rows.noteUnpublished(
      q,
      [...put, ...drop].map(({ communityId }) => communityId),
    );
    await noteOutlooks(platform, q, writing.now, own);
    return put.length + drop.length;
  });
}

async function noteOutlooks(platform: Platform, q: Tx, now: InstantMs, some: readonly Difference[]): Promise<void> {
  // Of a line item in parts each tells the same.
  const lines = new Map(some.map((part) => [part.line.id, part]));
  const known = await rows.outlooksOf(q, [...lines.keys()]);
  const outlooks: rows.OutlookRow[] = [];
  for (const [id, { line, outlook }] of lines) {
    const { merchantId } = line;
    const { isBehind, ...bounds } = outlook;
    const before = known.get(id)?.behindSince ?? null;
    const behindSince = isBehind ? (before ?? now) : null;
    outlooks.push({ bookingId: id, merchantId, madeAt: now, ...bounds, behindSince });
    if ((before === null) === (behindSince === null)) continue;
    const facts = { behind: isBehind, expectedTouches: Math.floor(bounds.expectedMilli / 1_000) };
    await platform.events.emit(q, { type: 'delivery', subject: id, facts, merchantId });
  }
  await rows.putOutlooks(q, outlooks);
}

/** Of line items that are paused, cancelled or settled nothing is planned any more. */
async function dropStray(platform: Platform, writing: Writing): Promise<number> {
  const from = after(halfHourOf(writing.now), halfHourMs);
  let dropped = 0;
  for (let look = 0; look < strayLooksMax; look += 1) {
    const ids = await rows.strayLines(platform.store.read, from, linesPerLook);
    if (ids.length === 0) return dropped;
    for (const id of ids) {
      const cells = (await cellsFrom(platform.store.read, [id], from)).filter((cell) => cell.deliveredMilli === null);
      for (let i = 0; i < cells.length; i += cellsPerTx) {
        writing.signal.throwIfAborted();
        await dropSome(platform, writing, cells.slice(i, i + cellsPerTx));
        await breathe();
      }
      dropped += cells.length;
    }
  }
  throw new InvariantError('cells that were dropped are gone');
}

const dropSome = (platform: Platform, { held }: Writing, cells: readonly CellRow[]): Promise<void> =>
  platform.store.tx(async (q) => {
    await held(q);
    await dropCells(q, cells);
    await rows.noteUnpublished(
      q,
      cells.map(({ communityId }) => communityId),
    );
  });
