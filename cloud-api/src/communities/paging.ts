import { decodeCursor } from '../platform/cursor.ts';

export interface Paging {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** Lists of this slice are in the order of their ids. */
export const idAfter = (cursor: string | undefined): string =>
  cursor === undefined ? '' : decodeCursor<[string]>(cursor, ['string'])[0];

export const keyOf = (row: { readonly id: string }): readonly [string] => [row.id];
