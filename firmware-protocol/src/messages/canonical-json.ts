import { InvariantError } from '../units/errors.ts';

/**
 * The one text of a JSON value: keys in code-unit order, no white space, whole numbers only.
 * The subset of RFC 8785 that needs no number formatting. Throws InvariantError for what JSON or this subset cannot hold.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new InvariantError(`canonical JSON holds whole numbers only: ${value}`);
    return Object.is(value, -0) ? '0' : String(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object') throw new InvariantError(`canonical JSON cannot hold a ${typeof value}`);
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member: unknown = Reflect.get(value, key);
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}
