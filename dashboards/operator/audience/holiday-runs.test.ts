import { expect, it } from 'vitest';
import { inRuns, probableName } from './holiday-runs.ts';

const day = (from: string, name = '') => ({ name, from, to: from });
const usual = ['New Year', 'Spring Festival', 'Qingming', 'Labour Day', 'Dragon Boat', 'Mid-Autumn', 'National Day'];

it('days in a row are one holiday, over the end of a month too', () => {
  const days = ['2026-09-30', '2026-10-02', '2026-10-01', '2026-10-05'].map((each) => day(each));
  expect(inRuns(days)).toEqual([
    { name: '', from: '2026-09-30', to: '2026-10-02' },
    { name: '', from: '2026-10-05', to: '2026-10-05' },
  ]);
});

it('holidays that a notice named stay apart, even side by side', () => {
  const named = [day('2026-09-30', 'Mid-Autumn'), day('2026-10-01', 'National Day')];
  expect(inRuns(named)).toEqual(named);
});

it('what a holiday probably is shows in its month', () => {
  const of2026 = ['2026-01-01', '2026-02-15', '2026-04-04', '2026-05-01', '2026-06-19', '2026-09-25', '2026-10-01'];
  expect(of2026.map((from) => probableName(day(from), usual))).toEqual(usual);
  expect(probableName(day('2025-01-28'), usual)).toBe('Spring Festival');
  expect(probableName(day('2026-08-01'), usual)).toBe('');
});
