import { ApiError } from '@gatecast/cloud-api/client';
import { expect, test } from 'vitest';
import { verdictOf } from './verdict.ts';

const refusal = (status: number, code: string, more: object = {}) =>
  new ApiError({ type: 'about:blank', title: '', status, code, ...more });

test('a used code says when it was used', () => {
  expect(verdictOf(refusal(409, 'already-picked-up', { pickedUpAt: 5 }))).toEqual({ kind: 'already', at: 5 });
  expect(verdictOf(refusal(409, 'already-picked-up'))).toEqual({ kind: 'already', at: null });
});

test('a code that nobody gave out is unknown', () => {
  expect(verdictOf(refusal(404, 'unknown-pickup-code')).kind).toBe('unknown');
});

test('without an answer nothing is claimed', () => {
  expect(verdictOf(refusal(0, 'offline')).kind).toBe('no-answer');
  expect(verdictOf(refusal(503, 'internal')).kind).toBe('no-answer');
});

test('any other refusal is shown as it is', () => {
  expect(verdictOf(refusal(429, 'too-many-requests')).kind).toBe('refused');
});
