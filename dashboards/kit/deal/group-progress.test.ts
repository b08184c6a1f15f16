import { expect, test } from 'vitest';
import { nextGroup, orderGroup } from './group-progress.ts';

const waiting = { id: 'grp_1', paid: 2, size: 3, expiresAt: 10_000 };

test('a resident sees how many people a waiting group still wants', () => {
  expect(nextGroup({ groupSize: 3, openGroup: waiting }, 9_000)).toEqual({
    kind: 'join',
    paid: 2,
    size: 3,
    missing: 1,
    expiresAt: 10_000,
  });
});

test('without a waiting group the next order opens one', () => {
  expect(nextGroup({ groupSize: 5, openGroup: null }, 9_000)).toMatchObject({ kind: 'start', missing: 5 });
});

test('a group whose time is over is not offered any more', () => {
  expect(nextGroup({ groupSize: 3, openGroup: waiting }, 10_000).kind).toBe('start');
});

test('an order that is not paid belongs to no group', () => {
  expect(orderGroup({ group: null })).toBeNull();
});

test('a full group wants nobody, even if a late payment made it larger', () => {
  const group = { id: 'grp_1', paid: 4, size: 3, status: 'complete' as const, expiresAt: 10_000 };
  expect(orderGroup({ group })).toMatchObject({ kind: 'complete', missing: 0 });
});
