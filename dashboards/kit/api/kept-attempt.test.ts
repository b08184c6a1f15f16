import { ApiError } from '@gatecast/cloud-api/client';
import { expect, test } from 'vitest';
import { createKeptAttempt, isDecided } from './kept-attempt.ts';

function memoryStorage(): Storage {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    key: (index) => [...values.keys()][index] ?? null,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    clear: () => values.clear(),
  };
}

test('pressing again after a reload repeats the same attempt', () => {
  const storage = memoryStorage();
  const first = createKeptAttempt('order', () => 0, storage).keyFor('two apples');
  expect(createKeptAttempt('order', () => 5_000, storage).keyFor('two apples')).toBe(first);
});

test('other content, or a known answer, is a new attempt', () => {
  const attempt = createKeptAttempt('order', () => 0, memoryStorage());
  const two = attempt.keyFor('two apples');
  const three = attempt.keyFor('three apples');
  expect(three).not.toBe(two);
  attempt.settle();
  expect(attempt.keyFor('three apples')).not.toBe(three);
});

test('an attempt from long ago is not repeated', () => {
  const storage = memoryStorage();
  const first = createKeptAttempt('order', () => 0, storage).keyFor('two apples');
  expect(createKeptAttempt('order', () => 600_000, storage).keyFor('two apples')).not.toBe(first);
});

test('a refusal is an answer, silence is none', () => {
  const problem = (status: number) => new ApiError({ type: 'about:blank', title: '', status, code: 'x' });
  expect(isDecided(problem(409))).toBe(true);
  expect(isDecided(problem(0))).toBe(false);
  expect(isDecided(problem(503))).toBe(false);
});
