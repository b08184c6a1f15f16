import { instant, zonedInstant } from '@gatecast/firmware-protocol';
import {
  doorConfig,
  lockdownMsDefault,
  type DoorHardwareConfig,
  type DoorStanding,
  type ModeSchedule,
} from '@gatecast/firmware-protocol/messages';
import { describe, expect, it } from 'vitest';
import { changedDoors, doorDefault, doorFault, overrideOf, wantedMode } from './door-rules.ts';

const hour = 3_600_000;
const board = {
  kind: 'modbus',
  unit: 1,
  lockRelay: 0,
  flashOn: true,
  untimedRelay: false,
  contactInput: 0,
  exitInput: 1,
  fireInput: null,
} as const;
const relay = {
  kind: 'mqtt',
  commandTopic: 'gate/cmd',
  openPayload: 'ON {ms}',
  securePayload: 'OFF',
  stateTopic: 'gate/state',
  releasedState: 'ON',
  securedState: 'OFF',
  untimedRelay: false,
  contact: null,
  availability: null,
} as const;

describe('a door', () => {
  const codeOf = (change: Partial<typeof doorDefault>, placement: 'gate' | 'lift' = 'gate') =>
    doorFault(placement, { ...doorDefault, ...change })?.code;
  const hardwareCode = (hardware: DoorHardwareConfig) => codeOf({ hardware });

  it('as it comes is one that a terminal takes', () => {
    expect(codeOf({})).toBeUndefined();
    const door = {
      entrance: 'entr_00000000000000000000',
      name: 'Gate',
      placement: 'gate',
      openMs: 5_000,
      override: null,
    };
    expect(doorConfig.parse({ ...door, ...doorDefault })).toMatchObject(doorDefault);
  });

  it('whose relay cannot time its pulse needs the installer’s word', () => {
    expect(hardwareCode(board)).toBeUndefined();
    expect(hardwareCode({ ...board, flashOn: false })).toBe('relay-untimed');
    expect(hardwareCode({ ...board, flashOn: false, untimedRelay: true })).toBeUndefined();
    expect(hardwareCode(relay)).toBeUndefined();
    expect(hardwareCode({ ...relay, openPayload: 'ON' })).toBe('relay-untimed');
    expect(hardwareCode({ ...relay, openPayload: 'ON', untimedRelay: true })).toBeUndefined();
  });

  it('has each wire, reader and topic once', () => {
    expect(hardwareCode({ ...board, exitInput: 0 })).toBe('input-taken');
    expect(hardwareCode({ ...relay, stateTopic: 'gate/cmd' })).toBe('topic-taken');
    expect(hardwareCode({ ...relay, securedState: 'ON' })).toBe('topic-taken');
    const reader = { address: 1, reader: 0, side: 'entry' } as const;
    expect(codeOf({ readers: [reader, { ...reader, side: 'exit' }] })).toBe('reader-taken');
    expect(codeOf({ readers: [reader, { ...reader, reader: 1, side: 'exit' }] })).toBeUndefined();
  });

  it('has floors only where there is a lift, each on a relay of its own besides the one that calls', () => {
    const lift = (...floors: [number, number][]) => ({
      releaseMs: 5_000,
      floors: floors.map(([floor, relayNo]) => ({ floor, relay: relayNo })),
    });
    expect(codeOf({ lift: lift([1, 1], [2, 2]) }, 'lift')).toBeUndefined();
    expect(codeOf({ lift: lift([1, 1]) }, 'gate')).toBe('lift-not-here');
    expect(codeOf({ lift: lift([1, 1], [2, 1]) }, 'lift')).toBe('relay-taken');
    expect(codeOf({ lift: lift([1, 1], [1, 2]) }, 'lift')).toBe('relay-taken');
    expect(codeOf({ lift: lift([1, 0]) }, 'lift')).toBe('relay-taken');
    expect(codeOf({ lift: lift([1, 1]), hardware: relay }, 'lift')).toBe('lift-needs-board');
  });

  it('sees who went out before it says that somebody came in twice', () => {
    expect(codeOf({ antiPassback: true })).toBe('passback-needs-exit-reader');
    const readers = [...doorDefault.readers, { address: 1, reader: 0, side: 'exit' as const }];
    expect(codeOf({ antiPassback: true, readers })).toBeUndefined();
  });

  it('may have windows of one mode that overlap, and none that is empty', () => {
    const morning: ModeSchedule = {
      mode: 'free-passage',
      weekdays: [1],
      window: { fromMinute: 420, toMinute: 540 },
    };
    expect(codeOf({ schedules: [morning, morning] })).toBeUndefined();
    expect(codeOf({ schedules: [{ ...morning, window: { fromMinute: 420, toMinute: 420 } }] })).toBe('schedule-empty');
  });
});

describe('a mode set by hand', () => {
  const now = instant(1_000_000);

  it('is a lockdown of four hours unless somebody says how long', () => {
    expect(overrideOf({ mode: 'lockdown' }, now)).toEqual({ mode: 'lockdown', from: now, to: now + lockdownMsDefault });
    expect(overrideOf({ mode: 'lockdown', minutes: 30 }, now)).toMatchObject({ to: now + hour / 2 });
  });

  it('that lets everybody through says for how long, a day at most', () => {
    expect(overrideOf({ mode: 'free-passage' }, now)).toBeUndefined();
    expect(overrideOf({ mode: 'free-passage', minutes: 24 * 60 + 1 }, now)).toBeUndefined();
    expect(overrideOf({ mode: 'free-passage', minutes: 24 * 60 }, now)).toMatchObject({ to: now + 24 * hour });
  });

  it('ends by going back to normal, which may also hold a schedule off for a while', () => {
    expect(overrideOf({ mode: 'normal' }, now)).toBeNull();
    expect(overrideOf({ mode: 'normal', minutes: 60 }, now)).toEqual({ mode: 'normal', from: now, to: now + hour });
  });
});

describe('the mode that should hold', () => {
  const zone = 'Asia/Shanghai';
  /** 2026-11-23 is a Monday. */
  const on = (date: string, clock: number) => zonedInstant(date, clock, zone);
  const free: ModeSchedule = { mode: 'free-passage', weekdays: [1], window: { fromMinute: 420, toMinute: 540 } };
  const night: ModeSchedule = { mode: 'lockdown', weekdays: [7], window: { fromMinute: 1_380, toMinute: 450 } };

  it('follows the week in the community’s own time, half-open', () => {
    expect(wantedMode([free], null, on('2026-11-23', 420), zone)).toBe('free-passage');
    expect(wantedMode([free], null, on('2026-11-23', 539), zone)).toBe('free-passage');
    expect(wantedMode([free], null, on('2026-11-23', 540), zone)).toBe('normal');
    expect(wantedMode([free], null, on('2026-11-24', 420), zone)).toBe('normal');
  });

  it('runs over midnight on the day it begins, and lockdown beats free passage', () => {
    expect(wantedMode([night], null, on('2026-11-22', 1_400), zone)).toBe('lockdown');
    expect(wantedMode([free, night], null, on('2026-11-23', 430), zone)).toBe('lockdown');
    expect(wantedMode([free, night], null, on('2026-11-23', 450), zone)).toBe('free-passage');
    expect(wantedMode([night], null, on('2026-11-22', 100), zone)).toBe('normal');
  });

  it('is what somebody set by hand, until that is over', () => {
    const now = on('2026-11-23', 430);
    const override = { mode: 'normal', from: now, to: instant(now + hour) } as const;
    expect(wantedMode([free], override, now, zone)).toBe('normal');
    expect(wantedMode([free], override, instant(now + hour), zone)).toBe('free-passage');
  });
});

it('tells of the doors that stand otherwise than before', () => {
  const door: DoorStanding = { entrance: 'entr_a', online: true, state: 'closed', mode: 'normal', readers: [] };
  const open: DoorStanding = { ...door, state: 'open' };
  const other: DoorStanding = { ...door, entrance: 'entr_b' };
  expect(changedDoors([door, other], [open, other])).toEqual([open]);
  expect(changedDoors([], [door])).toEqual([door]);
});
