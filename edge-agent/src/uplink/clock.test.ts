import { hours, instant, manualClock, minutes, seconds } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { TerminalClock } from './clock.ts';

const noon = instant(Date.UTC(2026, 10, 22, 12));

describe('how far the terminal trusts its clock', () => {
  it('a clock that nobody ever set is unknown, until the cloud has told the time', () => {
    const clock = new TerminalClock(manualClock(noon));
    expect(clock.quality()).toBe('unknown');
    clock.adopt(noon);
    expect(clock.quality()).toBe('synced');
  });

  it('a day without the cloud makes it a guess, and no more than that', () => {
    const machine = manualClock(noon);
    const clock = new TerminalClock(machine);
    clock.adopt(noon);
    machine.advance(hours(25));
    expect(clock.quality()).toBe('holdover');
  });

  it('follows the signed time when the machine is wrong', () => {
    const machine = manualClock(instant(0));
    const clock = new TerminalClock(machine);
    clock.adopt(noon);
    machine.advance(minutes(1));
    expect(clock.now()).toBe(noon + minutes(1));
    expect(clock.quality()).toBe('synced');
  });

  it('notices after a restart that the clock was turned back, and trusts the cloud again', () => {
    const clock = new TerminalClock(manualClock(noon));
    clock.restore(instant(noon + hours(1)));
    expect(clock.quality()).toBe('turned-back');
    clock.adopt(noon);
    expect(clock.quality()).toBe('synced');
  });

  it('a clock that somebody sets while it runs is no longer the synced one', () => {
    const machine = manualClock(noon);
    const clock = new TerminalClock(machine);
    clock.adopt(noon);
    machine.set(instant(noon - hours(2)));
    expect(clock.quality()).toBe('turned-back');
    machine.set(instant(noon + hours(2)));
    expect(clock.quality()).toBe('holdover');
  });

  it('does not take the slewing of a second for a jump', () => {
    const machine = manualClock(noon);
    const clock = new TerminalClock(machine);
    clock.adopt(noon);
    machine.set(instant(noon - seconds(1)));
    expect(clock.quality()).toBe('synced');
  });

  it('says how far the machine’s clock is off, until somebody sets it', () => {
    const machine = manualClock(instant(noon + minutes(3)));
    const clock = new TerminalClock(machine);
    expect(clock.offsetMs).toBe(null);
    clock.compared(noon);
    clock.adopt(noon);
    expect(clock.offsetMs).toBe(minutes(3));
    machine.set(instant(noon - hours(2)));
    expect(clock.offsetMs).toBe(null);
  });
});
