import { InvariantError } from '../units/errors.ts';

/**
 * The one text of a JSON value: keys in code-unit order, no white space, whole numbers only.
 * The subset of RFC 8785 that needs no number formatting. Throws InvariantError for what JSON or this subset cannot hold.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return wholeNumber(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object') throw new InvariantError(`canonical JSON cannot hold a ${typeof value}`);
  return Array.isArray(value) ? listText(value) : objectText(value as Readonly<Record<string, unknown>>);
}

function wholeNumber(value: number): string {
  if (!Number.isSafeInteger(value)) throw new InvariantError(`canonical JSON holds whole numbers only: ${value}`);
  // Minus zero is written as zero.
  return String(value === 0 ? 0 : value);
}

function listText(list: readonly unknown[]): string {
  let text = '';
  for (const item of list) text += `${text === '' ? '' : ','}${canonicalJson(item)}`;
  return `[${text}]`;
}

/** Every journal row passes here twice, so the text grows in place instead of through lists of parts. */
function objectText(members: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const key of Object.keys(members).sort()) {
    const member = members[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}
