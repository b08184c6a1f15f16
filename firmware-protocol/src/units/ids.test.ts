import { expect, it } from 'vitest';
import { isId, newId } from './ids.ts';

it('an id says what it names and is never the same twice', () => {
  const ids = Array.from({ length: 1000 }, () => newId('terminal'));
  expect(new Set(ids).size).toBe(1000);
  expect(ids.every((id) => isId('terminal', id))).toBe(true);
  expect(isId('clip', ids[0] ?? '')).toBe(false);
  expect(isId('terminal', 'term_../../etc')).toBe(false);
});
