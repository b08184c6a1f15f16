import type { StreamKey } from '@gatecast/firmware-protocol/messages';
import { InvariantError } from '@gatecast/firmware-protocol';
import { rowHash } from '@gatecast/firmware-protocol/node';
import type { RowRecord } from './records.ts';

/** A row that does not fit behind the one before it. */
export interface Suspect {
  readonly row: RowRecord;
  readonly prev: string;
}

/** What became of a suspect. `innocent`: it is whole, and the row before it is not where it belongs. */
export type Verdict =
  | { readonly kind: 'innocent' | 'altered' | 'swapped' }
  | { readonly kind: 'moved' | 'copied'; readonly from: number };

/** Who is who is found by trying, so they are judged in groups of so many. */
export const suspectsMax = 24;

/** Hash of the row at a place; undefined for one that was made unfit for any, with a fraction for example. */
export function hashAt(key: StreamKey, row: RowRecord, seq: number, prev: string): string | undefined {
  try {
    return rowHash(key, { ...row, seq, prev });
  } catch (error) {
    if (error instanceof InvariantError) return undefined;
    throw error;
  }
}

/**
 * Tells rows that were changed from rows that were moved: a moved row still hashes to what was stored for it, at its old place and behind its old
 * neighbour.
 */
export function judge(key: StreamKey, suspects: readonly Suspect[]): readonly (readonly [Suspect, Verdict])[] {
  const places = suspects.map(({ row }) => row.seq);
  const hashes = [...new Set(suspects.flatMap(({ row, prev }) => [row.hash, prev]))];
  const placeOf = ({ row }: Suspect): number | undefined =>
    [row.seq, ...places].find((seq) => hashes.some((prev) => hashAt(key, row, seq, prev) === row.hash));
  const verdict = (suspect: Suspect): Verdict => {
    const { row, prev } = suspect;
    const from = placeOf(suspect);
    if (from === row.seq) return { kind: 'innocent' };
    if (from !== undefined) {
      const isThere = suspects.some((other) => other.row.seq === from && other.row.hash === row.hash);
      return { kind: isThere ? 'copied' : 'moved', from };
    }
    const isSwapped = suspects.some((other) => other !== suspect && hashAt(key, other.row, row.seq, prev) === row.hash);
    return { kind: isSwapped ? 'swapped' : 'altered' };
  };
  return suspects.map((suspect) => [suspect, verdict(suspect)] as const);
}
