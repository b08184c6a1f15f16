import { after, hours, instant, minutes } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { closesAt, firstLookAt, lastOver, lookAt, nextPeriod, periodOf, reportKinds } from './rules.ts';

const shanghai = 'Asia/Shanghai';
const at = (iso: string) => instant(Date.parse(iso));

describe('what a report is of', () => {
  it('a day, a week from Monday to Sunday, a whole month', () => {
    expect(periodOf('daily', '2026-11-25')).toEqual({ kind: 'daily', from: '2026-11-25', to: '2026-11-25' });
    expect(periodOf('weekly', '2026-11-25')).toEqual({ kind: 'weekly', from: '2026-11-23', to: '2026-11-29' });
    expect(periodOf('weekly', '2026-11-29')).toEqual({ kind: 'weekly', from: '2026-11-23', to: '2026-11-29' });
    expect(periodOf('monthly', '2026-11-25')).toEqual({ kind: 'monthly', from: '2026-11-01', to: '2026-11-30' });
  });

  it('months are as long as they are, in leap years too', () => {
    const lengths = ['2027-02-28', '2028-02-10', '2028-03-31', '2026-12-31'].map((day) => periodOf('monthly', day).to);
    expect(lengths).toEqual(['2027-02-28', '2028-02-29', '2028-03-31', '2026-12-31']);
    expect(nextPeriod(periodOf('daily', '2028-02-28')).from).toBe('2028-02-29');
  });

  it('a week may lie in two years, and the month after December is January', () => {
    expect(periodOf('weekly', '2027-01-01')).toEqual({ kind: 'weekly', from: '2026-12-28', to: '2027-01-03' });
    expect(nextPeriod(periodOf('monthly', '2026-12-05'))).toEqual({
      kind: 'monthly',
      from: '2027-01-01',
      to: '2027-01-31',
    });
  });

  it('one period follows another without a gap for years', () => {
    for (const kind of reportKinds) {
      let period = periodOf(kind, '2026-01-01');
      while (period.from < '2029-01-01') {
        const next = nextPeriod(period);
        expect(Date.parse(next.from) - Date.parse(period.to)).toBe(86_400_000);
        expect(periodOf(kind, next.to)).toEqual(next);
        period = next;
      }
    }
  });
});

describe('when a report is made', () => {
  it('from seven in the morning on, and a day and a half after the end at the latest', () => {
    const day = periodOf('daily', '2026-11-23');
    expect(firstLookAt(day, shanghai)).toBe(at('2026-11-23T23:00:00Z'));
    expect(closesAt(day, shanghai)).toBe(at('2026-11-25T04:00:00Z'));
  });

  it('the last period that can be told is the one before until seven', () => {
    expect(lastOver('daily', at('2026-11-23T22:59:00Z'), shanghai).from).toBe('2026-11-22');
    expect(lastOver('daily', at('2026-11-23T23:00:00Z'), shanghai).from).toBe('2026-11-23');
    expect(lastOver('weekly', at('2026-11-22T23:00:00Z'), shanghai)).toEqual(periodOf('weekly', '2026-11-22'));
    expect(lastOver('monthly', at('2026-11-30T22:00:00Z'), shanghai).from).toBe('2026-10-01');
    expect(lastOver('monthly', at('2026-11-30T23:00:00Z'), shanghai).from).toBe('2026-11-01');
  });

  it('a day on which clocks are changed ends at its own midnight', () => {
    // 25 October 2026 has 25 hours in Berlin, 29 March 23.
    const [autumn, spring] = [periodOf('daily', '2026-10-25'), periodOf('daily', '2026-03-29')];
    expect(firstLookAt(autumn, 'Europe/Berlin')).toBe(at('2026-10-26T06:00:00Z'));
    expect(firstLookAt(spring, 'Europe/Berlin')).toBe(at('2026-03-30T05:00:00Z'));
  });

  it('while screens are still to report it is looked again each hour, and at the end', () => {
    const day = periodOf('daily', '2026-11-23');
    const [first, closes] = [firstLookAt(day, shanghai), closesAt(day, shanghai)];
    expect(lookAt(day, instant(first - 1), shanghai)).toBe(first);
    expect(lookAt(day, first, shanghai)).toBe(after(first, hours(1)));
    expect(lookAt(day, instant(closes - minutes(20)), shanghai)).toBe(closes);
  });
});
