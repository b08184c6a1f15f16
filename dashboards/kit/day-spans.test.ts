import { expect, it } from 'vitest';
import { spansOf, spansText } from './day-spans.ts';

it('hours of a day are read as people write them, and told back in one form', () => {
  const schoolRuns = [
    { fromMinute: 360, toMinute: 540 },
    { fromMinute: 900, toMinute: 1_140 },
  ];
  for (const text of ['06:00-09:00, 15:00-19:00', '6:00-9:00 15:00-19:00', '6：00至9：00，15：00～19：00'])
    expect(spansOf(text), text).toEqual(schoolRuns);
  expect(spansText(schoolRuns)).toBe('06:00-09:00, 15:00-19:00');
  expect(spansOf(' ')).toEqual([]);
  expect(spansOf('22:00-24:00')).toEqual([{ fromMinute: 1_320, toMinute: 1_440 }]);
  expect(spansText([{ fromMinute: 1_320, toMinute: 1_440 }])).toBe('22:00-24:00');
});

it.each(['9:00', '9:00-6:00', '25:00-26:00', '6:00-9:00, noon', '6-9'])('%s is no span', (text) => {
  expect(spansOf(text)).toBeUndefined();
});
