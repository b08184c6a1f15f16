import { hours, instant } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { alarmAfter, alarmWord, isInSight, type AlarmWord, type KeptAlarm } from './alarm-rules.ts';

const entrance = 'entr_00000000000000000000';
const word = (change: Partial<AlarmWord> = {}): AlarmWord => ({
  entranceId: entrance,
  kind: 'forced',
  active: true,
  epoch: 1,
  seq: 5,
  at: instant(500),
  ...change,
});

describe('a row of the door’s journal', () => {
  const told = (kind: string, body: Record<string, unknown>) =>
    alarmWord({ kind, body: { entrance, ...body }, seq: 5, wallMs: instant(500) }, 1);

  it('raises an alarm or ends it', () => {
    expect(told('alarm', { alarm: 'forced' })).toEqual(word());
    expect(told('alarm', { alarm: 'held-open', active: false })).toMatchObject({ kind: 'held-open', active: false });
    expect(told('fire', { active: true })).toMatchObject({ kind: 'fire', active: true });
    expect(told('alarm', { alarm: 'door-online' })).toMatchObject({ kind: 'door-offline', active: false });
  });

  it('of a program that starts ends a fire whose end it may have missed', () => {
    expect(told('mode', { mode: 'normal', cause: 'start' })).toMatchObject({ kind: 'fire', active: false });
    expect(told('mode', { mode: 'lockdown', cause: 'override' })).toBeUndefined();
  });

  it('about something else, or from the future, says nothing', () => {
    expect(told('exit', {})).toBeUndefined();
    expect(told('alarm', { alarm: 'earthquake' })).toBeUndefined();
  });
});

describe('what is raised', () => {
  const raised: KeptAlarm = { epoch: 1, seq: 5, active: true, since: instant(500) };

  it('stays raised since it first was, until it is over', () => {
    expect(alarmAfter(undefined, word())).toEqual(raised);
    expect(alarmAfter(raised, word({ seq: 6, at: instant(600) }))).toMatchObject({ seq: 6, since: 500 });
    expect(alarmAfter(raised, word({ seq: 6, active: false }))).toMatchObject({ active: false });
  });

  it('does not change by a word that is older, or comes again', () => {
    expect(alarmAfter(raised, word({ seq: 5, active: false }))).toBeUndefined();
    expect(alarmAfter(raised, word({ seq: 4, active: false }))).toBeUndefined();
    expect(alarmAfter({ ...raised, epoch: 2, seq: 1 }, word({ seq: 9, active: false }))).toBeUndefined();
  });

  it('about a moment goes out of sight by itself, and begins anew each time', () => {
    const codes = { kind: 'wrong-codes', since: instant(1_000) } as const;
    expect(isInSight(codes, instant(2_000))).toBe(true);
    expect(isInSight(codes, instant(1_000 + hours(1)))).toBe(false);
    expect(isInSight({ ...codes, kind: 'forced' }, instant(1_000 + hours(100)))).toBe(true);
    const again = word({ kind: 'wrong-codes', seq: 6, at: instant(900) });
    expect(alarmAfter(raised, again)).toMatchObject({ since: 900 });
  });
});
