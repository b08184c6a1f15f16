import { expect, it } from 'vitest';
import { localText, momentOf, quickWindow } from './pass-window.ts';

const zone = 'Asia/Shanghai';
const now = Date.parse('2026-11-22T15:40:20Z');

it('two hours start now and may run over midnight', () => {
  expect(quickWindow('two-hours', now, zone)).toEqual({ from: now, to: now + 7_200_000 });
});

it("today ends at the community's midnight, not the reader's", () => {
  expect(quickWindow('today', now, zone).to).toBe(Date.parse('2026-11-22T16:00:00Z'));
  expect(quickWindow('today', Date.parse('2026-12-31T20:00:00Z'), zone).to).toBe(Date.parse('2027-01-01T16:00:00Z'));
});

it("a typed time is on the community's clock", () => {
  expect(localText(now, zone)).toBe('2026-11-22T23:40');
  expect(momentOf('2026-11-22T23:40', zone)).toBe(Date.parse('2026-11-22T15:40:00Z'));
  expect(momentOf('2026-11-22', zone)).toBeNull();
});
