import type { JournalStream } from '@gatecast/firmware-protocol/messages';

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

/** How many of the oldest rows of which stream must go, or undefined while everything fits. */
export function whatToDrop(
  sizes: readonly StreamSize[],
  cap: JournalCap,
): { readonly stream: JournalStream; readonly rows: number } | undefined {
  const total = sizes.reduce((sum, s) => ({ rows: sum.rows + s.rows, bytes: sum.bytes + s.bytes }), {
    rows: 0,
    bytes: 0,
  });
  if (total.rows <= cap.rowsMax && total.bytes <= cap.bytesMax) return undefined;
  const rowsOver = total.rows - cap.rowsMax + cap.rowsMax * roomShare;
  const bytesOver = total.bytes - cap.bytesMax + cap.bytesMax * roomShare;
  for (const stream of leastValuableFirst) {
    const size = sizes.find((s) => s.stream === stream);
    if (!size || size.rows === 0) continue;
    const rowsForBytes = bytesOver > 0 ? (bytesOver / size.bytes) * size.rows : 0;
    return { stream, rows: Math.min(size.rows, Math.ceil(Math.max(rowsOver, rowsForBytes, 1))) };
  }
  return undefined;
}
