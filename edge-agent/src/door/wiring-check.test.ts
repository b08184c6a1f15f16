import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rewireMsMax, startMsMax, WiringCheck } from './wiring-check.ts';

describe('a configuration that wires doors anew', () => {
  let online: Record<string, boolean>;
  let silenced: number;
  let check: WiringCheck;
  const rewire = (after: Record<string, boolean>) =>
    check.watch(() => {
      online = after;
      return true;
    });

  beforeEach(() => {
    vi.useFakeTimers();
    silenced = 0;
    check = new WiringCheck({
      standings: () => Object.entries(online).map(([entrance, isOnline]) => ({ entrance, online: isOnline })),
      onSilent: () => (silenced += 1),
    });
  });
  afterEach(() => vi.useRealTimers());

  it('stays when the doors that answered before answer again', () => {
    online = { gate: true, side: true };
    rewire({ gate: false, side: false });
    vi.advanceTimersByTime(rewireMsMax - 1);
    online = { gate: true, side: true };
    vi.advanceTimersByTime(1);
    expect(silenced).toBe(0);
  });

  it('does not stay when one of them is silent, also where another never answered', () => {
    online = { gate: true, side: false };
    rewire({ gate: false, side: false });
    vi.advanceTimersByTime(rewireMsMax);
    expect(silenced).toBe(1);
  });

  it('stays when it brings a door that nobody has connected yet, or takes one away', () => {
    online = { gate: true, side: true };
    rewire({ gate: true, lift: false });
    vi.advanceTimersByTime(rewireMsMax);
    expect(silenced).toBe(0);
  });

  it('is judged by what answered before the first of two that came at once', () => {
    online = { gate: true };
    rewire({ gate: false });
    vi.advanceTimersByTime(rewireMsMax / 2);
    rewire({ gate: false });
    vi.advanceTimersByTime(rewireMsMax);
    expect(silenced).toBe(1);
  });

  it('is judged also when another that leaves the wiring alone has followed it', () => {
    online = { gate: true };
    rewire({ gate: false });
    check.watch(() => false);
    vi.advanceTimersByTime(rewireMsMax);
    expect(silenced).toBe(1);
  });

  it('has a fault until the door answers after all, and cannot be told before its time is over', () => {
    online = { gate: true };
    rewire({ gate: false });
    expect(check.verdict()).toBe('undecided');
    vi.advanceTimersByTime(rewireMsMax);
    expect(check.verdict()).toEqual({ fault: 'door-went-silent' });
    rewire({ gate: false });
    expect(check.verdict(), 'no door answered before this one').toBe('good');
    online = { gate: true };
    rewire({ gate: false });
    vi.advanceTimersByTime(rewireMsMax);
    online = { gate: true };
    expect(check.verdict()).toBe('good');
  });

  it('is judged after a restart by what answered before it, when the door has had time to start too', () => {
    online = { gate: false, side: false };
    check.watch(() => true);
    check.resume(['gate', 'gone']);
    vi.advanceTimersByTime(startMsMax - 1);
    expect([silenced, check.verdict()]).toEqual([0, 'undecided']);
    vi.advanceTimersByTime(1);
    expect([silenced, check.verdict()]).toEqual([1, { fault: 'door-went-silent' }]);
  });

  it('is judged by nobody after the end', () => {
    online = { gate: true };
    rewire({ gate: false });
    check.stop();
    vi.advanceTimersByTime(rewireMsMax);
    expect(silenced).toBe(0);
  });
});
