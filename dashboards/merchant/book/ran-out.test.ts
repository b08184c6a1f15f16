import { expect, test } from 'vitest';
import { hasRunOut, ranOut } from './ran-out.ts';

const minuteMs = 60_000;
const over = { campaignId: 'camp_1', status: 'expired', holdUntil: 10 * minuteMs, lateFen: 0, createdAt: 0 } as const;

test('a hold is over with its last second, also before the cloud has said so', () => {
  const held = { ...over, status: 'held' } as const;
  expect(hasRunOut(held, 10 * minuteMs - 1)).toBe(false);
  expect(hasRunOut(held, 10 * minuteMs)).toBe(true);
  expect(hasRunOut({ ...held, status: 'paid' }, 11 * minuteMs)).toBe(false);
});

test('a hold that ran out is told of for an hour', () => {
  expect(ranOut([over], 11 * minuteMs)).toEqual([over]);
  expect(ranOut([over], 70 * minuteMs)).toEqual([]);
});

test('it is not told of any more once the campaign has booked again, unless money came too late', () => {
  const next = { ...over, status: 'held', holdUntil: 30 * minuteMs, createdAt: 20 * minuteMs } as const;
  expect(ranOut([next, over], 21 * minuteMs)).toEqual([]);
  const late = { ...over, lateFen: 1_200 };
  expect(ranOut([next, late], 21 * minuteMs)).toEqual([late]);
  expect(ranOut([late], 24 * 60 * minuteMs)).toEqual([late]);
});

test('what another campaign books is no answer to it', () => {
  const other = { ...over, campaignId: 'camp_2', status: 'paid', holdUntil: null, createdAt: 20 * minuteMs } as const;
  expect(ranOut([other, over], 21 * minuteMs)).toEqual([over]);
});
