import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rewireMsMax, WiringCheck } from './wiring-check.ts';

describe('a configuration that wires doors anew', () => {
  let online: Record<string, boolean>;
  let silenced: number[];
  let check: WiringCheck;
  const rewire = (version: number, after: Record<string, boolean>) =>
    check.watch(version, () => {
      online = after;
      return true;
    });

  beforeEach(() => {
    vi.useFakeTimers();
    silenced = [];
    check = new WiringCheck({
      standings: () => Object.entries(online).map(([entrance, isOnline]) => ({ entrance, online: isOnline })),
      onSilent: (version) => silenced.push(version),
    });
  });
  afterEach(() => vi.useRealTimers());

  it('stays when the doors that answered before answer again', () => {
    online = { gate: true, side: true };
    rewire(2, { gate: false, side: false });
    vi.advanceTimersByTime(rewireMsMax - 1);
    online = { gate: true, side: true };
    vi.advanceTimersByTime(1);
    expect(silenced).toEqual([]);
  });

  it('does not stay when one of them is silent, also where another never answered', () => {
    online = { gate: true, side: false };
    rewire(2, { gate: false, side: false });
    vi.advanceTimersByTime(rewireMsMax);
    expect(silenced).toEqual([2]);
  });

  it('stays when it brings a door that nobody has connected yet, or takes one away', () => {
    online = { gate: true, side: true };
    rewire(2, { gate: true, lift: false });
    vi.advanceTimersByTime(rewireMsMax);
    expect(silenced).toEqual([]);
  });

  it('is judged by what answered before the first of two that came at once', () => {
    online = { gate: true };
    rewire(2, { gate: false });
    vi.advanceTimersByTime(rewireMsMax / 2);
    rewire(3, { gate: false });
    vi.advanceTimersByTime(rewireMsMax);
    expect(silenced).toEqual([3]);
  });

  it('is judged also when another that leaves the wiring alone has followed it', () => {
    online = { gate: true };
    rewire(2, { gate: false });
    check.watch(3, () => false);
    vi.advanceTimersByTime(rewireMsMax);
    expect(silenced).toEqual([2]);
  });

  it('is judged by nobody after the end', () => {
    online = { gate: true };
    rewire(2, { gate: false });
    check.stop();
    vi.advanceTimersByTime(rewireMsMax);
    expect(silenced).toEqual([]);
  });
});
