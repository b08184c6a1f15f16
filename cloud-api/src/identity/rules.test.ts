import { after, instant, minutes, seconds } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import {
  countFailure,
  countText,
  isBlocked,
  maskPhone,
  smsPerHourMax,
  type Failures,
  type SmsHistory,
} from './rules.ts';

const now = instant(1_770_000_000_000);

describe('texts to one phone', () => {
  it('wait half a minute between two', () => {
    const first = countText(undefined, now);
    expect(countText(first, after(now, seconds(29)))).toBeUndefined();
    expect(countText(first, after(now, seconds(30)))?.sentInHour).toBe(2);
  });

  it('stop after six in an hour and go on in the next', () => {
    let history: SmsHistory | undefined;
    let at = now;
    for (let n = 0; n < smsPerHourMax; n += 1, at = after(at, minutes(1))) history = countText(history, at) ?? history;
    expect(history?.sentInHour).toBe(smsPerHourMax);
    expect(countText(history, at)).toBeUndefined();
    expect(countText(history, after(now, minutes(60)))?.sentInHour).toBe(1);
  });
});

describe('wrong passwords', () => {
  const fail = (times: number): Failures | undefined => {
    let failures: Failures | undefined;
    for (let n = 0; n < times; n += 1) failures = countFailure(failures, now);
    return failures;
  };

  it('block nothing four times, a minute at the fifth, and at most a quarter of an hour', () => {
    expect(isBlocked(fail(4), now)).toBe(false);
    expect(fail(5)?.blockedUntil).toBe(after(now, minutes(1)));
    expect(fail(6)?.blockedUntil).toBe(after(now, minutes(2)));
    expect(fail(30)?.blockedUntil).toBe(after(now, minutes(15)));
  });

  it('are forgotten after an hour', () => {
    expect(countFailure(fail(9), after(now, minutes(60))).failures).toBe(1);
  });
});

it('a phone is shown without its middle', () => {
  expect(maskPhone('13812341234')).toBe('138****1234');
});
