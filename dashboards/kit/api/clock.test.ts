import { expect, it } from 'vitest';
import { createCloudClock } from './clock.ts';

const answering = (body: unknown, status = 200) =>
  createCloudClock('', () => Promise.resolve(Response.json(body, { status })));

it("follows the cloud's clock in whole milliseconds, however wrong the phone's is", async () => {
  const nextSpring = Date.parse('2027-04-01T00:00:00Z');
  const clock = answering({ now: nextSpring, nonce: 'x' });
  await clock.adjust();
  expect(Math.abs(clock.now() - nextSpring)).toBeLessThan(5_000);
  expect(Number.isInteger(clock.now())).toBe(true);
});

it("keeps the page's own clock when the answer is of no use", async () => {
  const clock = answering({ code: 'internal' }, 500);
  await clock.adjust();
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(5_000);
});
