import { instant } from '@gatecast/firmware-protocol';
import { expect, it } from 'vitest';
import { answerBy, isOverdue, tookMs } from './rules.ts';

const hourMs = 3_600_000;
const open = { at: instant(1_000), answeredAt: null };

it('a complaint is to be answered in so many hours, and is overdue from then on until somebody answers', () => {
  const due = answerBy(open, 24);
  expect(due).toBe(1_000 + 24 * hourMs);
  expect([due - 1, due].map((now) => isOverdue(open, 24, instant(now)))).toEqual([false, true]);
  expect(isOverdue({ ...open, answeredAt: instant(due + 5) }, 24, instant(due + 9))).toBe(false);
});

it('how long the answer took is known once there is one', () => {
  expect(tookMs(open)).toBeNull();
  expect(tookMs({ ...open, answeredAt: instant(1_000 + hourMs) })).toBe(hourMs);
});
