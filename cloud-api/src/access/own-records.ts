import { instant } from '@gatecast/firmware-protocol';
import { and, desc, eq, inArray, lt, or } from 'drizzle-orm';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads } from '../platform/db/store.ts';
import type { OwnRecord } from './own-door-contract.ts';

/** What a resident's own log shows: never an alarm, so that nobody who looks over a shoulder learns of one. */
const ownKinds = ['opened', 'refused'] as const;

/** The resident's own rows of the access log, newest first. An opening under threat looks like any other. */
export async function ownRecords(
  q: Reads,
  residentId: string,
  { cursor, limit = pageSizeDefault }: { readonly cursor?: string | undefined; readonly limit?: number | undefined },
): Promise<Page<OwnRecord>> {
  const { accessEvents: t, entrances } = q.t;
  const before = cursor === undefined ? undefined : decodeCursor<[number, number]>(cursor, ['number', 'number']);
  const at = before && instant(before[0]);
  const found = await q
    .select({
      no: t.no,
      at: t.at,
      kind: t.kind,
      via: t.via,
      reason: t.reason,
      entranceName: entrances.name,
    })
    .from(t)
    .leftJoin(entrances, eq(entrances.id, t.entranceId))
    .where(
      and(
        eq(t.residentId, residentId),
        inArray(t.kind, [...ownKinds]),
        at && before && or(lt(t.at, at), and(eq(t.at, at), lt(t.no, before[1]))),
      ),
    )
    .orderBy(desc(t.at), desc(t.no))
    .limit(limit + 1);
  return pageOf(
    found,
    limit,
    (row) => [row.at, row.no],
    (row) => ({
      at: row.at,
      entranceName: row.entranceName ?? '',
      kind: row.kind === 'refused' ? 'refused' : 'opened',
      via: row.via,
      reason: row.reason,
    }),
  );
}
