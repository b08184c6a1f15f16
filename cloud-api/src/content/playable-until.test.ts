import { after, days, hours, instant } from '@gatecast/firmware-protocol';
import { expect, it } from 'vitest';
import { playableUntil } from './playable-until.ts';

const today = instant(1_795_000_000_000);
const paid = (until: typeof today | null) => ({ house: null, until });
const house = (until: typeof today | null) => ({ house: 'all' as const, until });

it('a screen that hears nothing more ends a paid clip with its plan, a house clip later, and neither after its approval', () => {
  expect(playableUntil(paid(null), today, 30)).toBe(after(today, days(7)));
  expect(playableUntil(paid(after(today, days(365))), today, 30)).toBe(after(today, days(7)));
  expect(playableUntil(paid(after(today, hours(3))), today, 30)).toBe(after(today, hours(3)));
  expect(playableUntil(house(null), today, 30)).toBe(after(today, days(30)));
  expect(playableUntil(house(after(today, days(2))), today, 30)).toBe(after(today, days(2)));
});
