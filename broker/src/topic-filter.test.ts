import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFilter, isWellFormed, matches } from './topic-filter.ts';

/** The rule of clause 4.7 level by level, slow and plain. */
function matchesByLevels(filter: string, topic: string): boolean {
  if (topic.startsWith('$') && !filter.startsWith('$')) return false;
  const levels = topic.split('/');
  const wanted = filter.split('/');
  const rest = wanted.indexOf('#');
  if (rest < 0 ? wanted.length !== levels.length : levels.length < rest) return false;
  return wanted.slice(0, rest < 0 ? undefined : rest).every((level, at) => level === '+' || level === levels[at]);
}

const levels = (...of: string[]) =>
  fc.array(fc.constantFrom(...of), { minLength: 1, maxLength: 5 }).map((all) => all.join('/'));

test('a filter takes the topics that the rule of the levels takes', () => {
  const filter = fc
    .tuple(levels('a', 'b', '', '+', '$a', 'ab'), fc.constantFrom('', '/#'))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(filter, levels('a', 'b', '', '$a', 'ab'), (wanted, topic) => {
      expect(matches(wanted, topic)).toBe(matchesByLevels(wanted, topic));
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ['a/+/b/#', true],
  ['#', true],
  ['+', true],
  ['a#', false],
  ['a/#/b', false],
  ['a+/b', false],
  ['a\0', false],
])('%s as a filter: %s', (filter, good) => {
  expect(isFilter(filter)).toBe(good);
});

test('bytes that are no UTF-8 make no text', () => {
  expect(isWellFormed(Buffer.from([0x61, 0xff]).toString())).toBe(false);
  expect(isWellFormed('门/1')).toBe(true);
});
