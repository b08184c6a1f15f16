import { expect, it } from 'vitest';
import { tell } from './service.ts';

const drawn = Array.from({ length: 60 }, (_, n) => ({
  communityId: 'com_1',
  stratum: 'com_1|300000',
  day: new Date(Date.UTC(2026, 8, 1 + n)).toISOString().slice(0, 10),
  weekday: (2 + n) % 7,
  isHeldOut: n % 10 < 3,
}));
const about = { holdoutPpm: 300_000, verifiedMilli: 100_000, seed: 1, isRecent: false };
const orders = drawn.map(({ isHeldOut }, n) => (isHeldOut ? 2 : 4) + (n % 2));

it('is silent of what was picked up where too little was, and tells of the orders all the same', async () => {
  const few = drawn.map((_, n) => (n < 19 ? 1 : 0));
  for (const pickedUp of [drawn.map(() => 0), few]) {
    const told = await tell(drawn, { orders, pickedUp }, about);
    expect(told).toMatchObject({ state: 'told', pickedUpPerDay: null });
    expect(told.ordersPerDay?.low).toBeGreaterThan(1);
  }
  const whole = await tell(drawn, { orders, pickedUp: orders }, about);
  expect(whole.pickedUpPerDay).toEqual(whole.ordersPerDay);
});
