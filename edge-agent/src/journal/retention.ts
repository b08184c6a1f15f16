import type { healthRows, JournalStream } from '@gatecast/firmware-protocol/messages';
import type { z } from 'zod';

/** What a full disk costs first: the end of this list is worth most. */
const leastValuableFirst: readonly JournalStream[] = ['health', 'play', 'door'];

export interface StreamSize {
  readonly stream: JournalStream;
  readonly rows: number;
  readonly bytes: number;
}

export interface JournalCap {
  readonly rowsMax: number;
  readonly bytesMax: number;
}

/** 30 days of a busy gate stay below this: 20,000 rows a day of about 400 bytes. */
export const journalCap: JournalCap = { rowsMax: 600_000, bytesMax: 240_000_000 };

/** A drop makes room for a while, so that a full disk does not add a `lost` row to each row written. */
const roomShare = 0.02;

export function fits(sizes: readonly StreamSize[], cap: JournalCap): boolean {
  const { rows, bytes } = sum(sizes);
  return rows <= cap.rowsMax && bytes <= cap.bytesMax;
}

/**
 * How many of the oldest rows of which stream must go, once the journal does not fit; undefined if nothing can.
 * `health` goes whole, so that the `lost` row behind it is the first that the cloud hears; its `lostRows` are no room to be won,
 * as what they tell is written anew.
 */
export function whatToDrop(
  sizes: readonly StreamSize[],
  cap: JournalCap,
  lostRows: number,
): { readonly stream: JournalStream; readonly rows: number } | undefined {
  const total = sum(sizes);
  const rowsOver = total.rows - cap.rowsMax + cap.rowsMax * roomShare;
  const bytesOver = total.bytes - cap.bytesMax + cap.bytesMax * roomShare;
  for (const stream of leastValuableFirst) {
    const size = sizes.find((s) => s.stream === stream);
    if (!size || size.rows <= (stream === 'health' ? lostRows : 0)) continue;
    if (stream === 'health') return { stream, rows: size.rows };
    const rowsForBytes = bytesOver > 0 ? (bytesOver / size.bytes) * size.rows : 0;
    return { stream, rows: Math.min(size.rows, Math.ceil(Math.max(rowsOver, rowsForBytes, 1))) };
  }
  return undefined;
}

const sum = (sizes: readonly StreamSize[]) => ({
  rows: sizes.reduce((total, { rows }) => total + rows, 0),
  bytes: sizes.reduce((total, { bytes }) => total + bytes, 0),
});

/** Rows of one stream that were dropped: the body of a `lost` row. */
export type Loss = z.infer<typeof healthRows.lost>;

/** Losses of one stream that follow each other become one, so that however long an outage lasts, few rows tell of it. */
export function joinLosses(losses: readonly Loss[]): Loss[] {
  const joined: Loss[] = [];
  for (const loss of losses) {
    const before = joined.findIndex(({ stream, to }) => stream === loss.stream && to + 1 === loss.from);
    const known = joined[before];
    if (!known) joined.push(loss);
    else joined[before] = { ...loss, from: known.from, count: known.count + loss.count, firstHash: known.firstHash };
  }
  return joined;
}
