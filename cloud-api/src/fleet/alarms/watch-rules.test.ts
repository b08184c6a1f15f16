import { after, instant, minutes, seconds } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { alarmKinds, isAsGraveAs, kindRules } from './alarm-kinds.ts';
import {
  brakeText,
  isIngestBacklog,
  isMany,
  isSilenced,
  keyOf,
  stepOf,
  textsPerHourMax,
  type Sign,
} from './watch-rules.ts';

const now = instant(1_770_000_000_000);
const hot: Sign = { kind: 'too-hot', terminalId: 't', communityId: 'c', terminals: 1, since: now, facts: {} };
const kept = { kind: hot.kind, since: now, raisedAt: null, clearSince: null };
const raised = { ...kept, raisedAt: now };

describe('an alarm', () => {
  it('waits until its sign has held, so that what passes by itself calls nobody', () => {
    expect(stepOf(undefined, hot, now)).toBe('wait');
    expect(stepOf(kept, hot, after(now, minutes(4)))).toBe('none');
    expect(stepOf(kept, undefined, after(now, minutes(4)))).toBe('forget');
    expect(stepOf(kept, hot, after(now, minutes(5)))).toBe('raise');
    expect(stepOf(undefined, hot, after(now, minutes(5)))).toBe('raise');
  });

  it('ends when its sign has been gone for long enough, and one that flickers is one alarm', () => {
    expect(stepOf(raised, hot, now)).toBe('none');
    expect(stepOf(raised, undefined, now)).toBe('clearing');
    const clearing = { ...raised, clearSince: now };
    expect(stepOf(clearing, undefined, after(now, minutes(9)))).toBe('none');
    expect(stepOf(clearing, hot, after(now, minutes(9)))).toBe('returned');
    expect(stepOf(clearing, undefined, after(now, minutes(10)))).toBe('end');
  });

  it('has a rule for every kind', () => {
    for (const kind of alarmKinds) expect(kindRules[kind].clearAfterMs).toBeGreaterThan(0);
    expect(keyOf(hot)).toBe('too-hot|t');
    expect(keyOf({ ...hot, terminalId: null })).toBe('too-hot|c');
    expect(keyOf({ ...hot, terminalId: null, communityId: null })).toBe('too-hot|fleet');
  });

  it('of very many terminals is one, and stays one until half of them are well', () => {
    expect([isMany(20, 40, false), isMany(21, 40, false)]).toEqual([false, true]);
    expect([isMany(11, 40, true), isMany(10, 40, true)]).toEqual([true, false]);
    expect([isMany(800, 40_000, false), isMany(801, 40_000, false)]).toEqual([false, true]);
    expect([isIngestBacklog(5, 10, false), isIngestBacklog(6, 10, false)]).toEqual([false, true]);
  });
});

describe('a silence', () => {
  const all = { kind: null, terminalId: null, communityId: null, from: now, until: after(now, minutes(60)) };
  it('holds for what it names, until it is over', () => {
    expect(isSilenced(hot, [all], now)).toBe(true);
    expect(isSilenced(hot, [all], all.until)).toBe(false);
    expect(isSilenced(hot, [{ ...all, kind: 'disk-full' }], now)).toBe(false);
    expect(isSilenced(hot, [{ ...all, terminalId: 't', kind: 'too-hot' }], now)).toBe(true);
    expect(isSilenced(hot, [{ ...all, communityId: 'other' }], now)).toBe(false);
  });
});

describe('texts', () => {
  it('are so many an hour and no more', () => {
    let brake: ReturnType<typeof brakeText> = { hourFrom: now, sentInHour: 0 };
    for (let n = 0; n < textsPerHourMax; n += 1) brake = brake && brakeText(brake, after(now, seconds(n)));
    expect(brake).toMatchObject({ sentInHour: textsPerHourMax });
    expect(brake && brakeText(brake, after(now, minutes(59)))).toBeUndefined();
    expect(brake && brakeText(brake, after(now, minutes(60)))).toMatchObject({ sentInHour: 1 });
  });

  it('of a channel say what is at least as grave as it wants', () => {
    expect(isAsGraveAs('critical', 'warning')).toBe(true);
    expect(isAsGraveAs('warning', 'warning')).toBe(true);
    expect(isAsGraveAs('notice', 'warning')).toBe(false);
  });
});
