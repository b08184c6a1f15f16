import { instant, type InstantMs } from '@gatecast/firmware-protocol';
import { and, asc, desc, eq, gt, lt, or, type Column, type SQL } from 'drizzle-orm';
import type { Page } from './contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from './cursor.ts';

/** What a list request may say. */
export interface Paging {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** Rows of a list whose newest stand first; ties of the same millisecond are ordered by id. */
export interface NewestFirst {
  /** Rows to ask for: one more than is shown, to know whether there is a next page. */
  readonly take: number;
  /** The rows after the cursor's. */
  readonly where: SQL | undefined;
  readonly order: readonly [SQL, SQL];
  page<R extends { readonly id: string }, T>(
    rows: readonly R[],
    atOf: (row: R) => InstantMs,
    show: (row: R) => T,
  ): Page<T>;
}

export const newestFirst = (at: Column, id: Column, paging: Paging): NewestFirst => ordered(at, id, paging, 'newest');

/** The same list the other way round, for whoever works it off. */
export const oldestFirst = (at: Column, id: Column, paging: Paging): NewestFirst => ordered(at, id, paging, 'oldest');

type Order = 'newest' | 'oldest';

function ordered(at: Column, id: Column, { cursor, limit = pageSizeDefault }: Paging, order: Order): NewestFirst {
  const by = order === 'newest' ? desc : asc;
  return {
    take: limit + 1,
    where: cursor === undefined ? undefined : after(at, id, cursor, order),
    order: [by(at), by(id)],
    page: (rows, atOf, show) => pageOf(rows, limit, (row) => [atOf(row), row.id], show),
  };
}

function after(at: Column, id: Column, cursor: string, order: Order): SQL | undefined {
  const [lastAt, lastId] = decodeCursor<[number, string]>(cursor, ['number', 'string']);
  const beyond = order === 'newest' ? lt : gt;
  return or(beyond(at, instant(lastAt)), and(eq(at, instant(lastAt)), beyond(id, lastId)));
}
