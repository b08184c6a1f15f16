import { playRows, type JournalRow, type PlayBody, type TouchBody } from '@gatecast/firmware-protocol/messages';
import type { z } from 'zod';

export type HalfHourBody = z.infer<(typeof playRows)['half-hour']>;

/** What of a row's header matters here: when it was written, by a clock how good. */
type Header = Pick<JournalRow, 'seq' | 'wallMs' | 'clock'>;

/** A row of the play stream that this version understands. */
export type PlayRow = Header &
  (
    | { readonly kind: 'touch'; readonly body: TouchBody }
    | { readonly kind: 'play'; readonly body: PlayBody }
    | { readonly kind: 'half-hour'; readonly body: HalfHourBody }
  );

/** Sorts rows into those that can be read and the sequence numbers of those that cannot. */
export function readPlayRows(rows: readonly JournalRow[]): { readonly known: PlayRow[]; readonly unread: number[] } {
  const known: PlayRow[] = [];
  const unread: number[] = [];
  for (const row of rows) {
    const read = readRow(row);
    if (read) known.push(read);
    else unread.push(row.seq);
  }
  return { known, unread };
}

function readRow({ kind, seq, wallMs, clock, body }: JournalRow): PlayRow | undefined {
  const header = { seq, wallMs, clock };
  switch (kind) {
    case 'touch': {
      const parsed = playRows.touch.safeParse(body);
      return parsed.success ? { ...header, kind, body: parsed.data } : undefined;
    }
    case 'play': {
      const parsed = playRows.play.safeParse(body);
      return parsed.success ? { ...header, kind, body: parsed.data } : undefined;
    }
    case 'half-hour': {
      const parsed = playRows['half-hour'].safeParse(body);
      return parsed.success ? { ...header, kind, body: parsed.data } : undefined;
    }
    default:
      return undefined;
  }
}

/** Fewer than so many are nobody's audience: a terminal withholds the count, and one that does not is not believed to have meant it. */
const countedMin = 10;

/** What a closed half-hour says of its touches in all; null if a count was withheld, or should have been. */
export function touchesOf({ touches }: HalfHourBody): number | null {
  const counts = Object.values(touches);
  if (counts.length === 0 || counts.some((n) => n === null || n < countedMin)) return null;
  return counts.reduce<number>((sum, n) => sum + (n ?? 0), 0);
}
