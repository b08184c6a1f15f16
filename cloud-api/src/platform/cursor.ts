import type { Page } from './contract.ts';
import { refusal } from './errors.ts';

export const pageSizeDefault = 50;

/** Where a page starts: the sort key of the last row of the page before, opaque to callers. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Throws `invalid-request` for a cursor that we did not make. */
export function decodeCursor<K extends readonly (string | number)[]>(
  cursor: string,
  shape: { readonly [I in keyof K]: K[I] extends number ? 'number' : 'string' },
): K {
  const fault = refusal('invalid-request', 'the cursor is not one of ours');
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw fault;
  }
  if (!Array.isArray(key) || key.length !== shape.length || !key.every((part, i) => isPart(part, shape[i])))
    throw fault;
  return key as unknown as K;
}

/** PostgreSQL refuses fractions and what is longer than a bigint for its numbers, and NUL in its texts. */
const isPart = (part: unknown, kind: unknown): boolean =>
  kind === 'number' ? Number.isSafeInteger(part) : typeof part === 'string' && !part.includes('\0');

/** Makes a page of rows that were asked for with `limit + 1`. */
export function pageOf<R, T>(
  rows: readonly R[],
  limit: number,
  keyOf: (row: R) => readonly (string | number)[],
  show: (row: R) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(show), nextCursor: rows.length > limit && last ? encodeCursor(keyOf(last)) : null };
}
