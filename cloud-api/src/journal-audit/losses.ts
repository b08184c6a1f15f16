import { healthRows } from '@gatecast/firmware-protocol/messages';
import type { z } from 'zod';
import type { RowRecord, StreamPart } from './records.ts';

/** A `lost` row, and where it stands. */
export interface DeclaredLoss extends z.infer<typeof healthRows.lost> {
  readonly at: number;
}

/** A terminal joins its losses, so that even years of full disks leave fewer. */
export const lossesMax = 20_000;

export function lossIn(part: StreamPart): DeclaredLoss | undefined {
  if (part.type !== 'row' || part.kind !== 'lost') return undefined;
  const body = healthRows.lost.safeParse(part.body).data;
  return body && { ...body, at: part.seq };
}

/** Where the chain goes on after the rows from `from` to `to`, as far as losses explain them. */
export function explain(
  losses: readonly DeclaredLoss[],
  from: number,
  to: number,
): { readonly explainedTo: number; readonly hash: string | undefined } {
  let at = { explainedTo: from - 1, hash: undefined as string | undefined };
  while (at.explainedTo < to) {
    const next = at.explainedTo + 1;
    const loss = losses
      .filter((one) => one.from <= next && next <= one.to && one.to <= to)
      .reduce<DeclaredLoss | undefined>((best, one) => (best && best.to >= one.to ? best : one), undefined);
    if (!loss) return at;
    at = { explainedTo: loss.to, hash: loss.lastHash };
  }
  return at;
}

/** What is not true of a loss, seen from a row at one of its ends. */
export function contradicted(losses: readonly DeclaredLoss[], row: RowRecord): readonly DeclaredLoss[] {
  return losses.filter(
    (one) => (one.from === row.seq && one.firstHash !== row.hash) || (one.to === row.seq && one.lastHash !== row.hash),
  );
}

export const isCountWrong = ({ count, from, to }: DeclaredLoss): boolean => count !== to - from + 1;
