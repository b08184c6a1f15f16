import { hours, seconds } from '@gatecast/firmware-protocol';
import type { DoorStanding } from '@gatecast/firmware-protocol/messages';
import { describe, expect, it } from 'vitest';
import { mayRestart } from './restart-rules.ts';

const door = (state: DoorStanding['state'], mode: DoorStanding['mode'] = 'normal'): DoorStanding => ({
  entrance: 'entr_00000000000000000001',
  online: true,
  state,
  mode,
  readers: [],
});
const long = hours(100);

describe('a restart for an update', () => {
  it('is made when nobody has been at the doors for a while', () => {
    expect(mayRestart([door('closed'), door('fault')], seconds(20))).toBe(true);
    expect(mayRestart([door('closed')], seconds(19))).toBe(false);
    expect(mayRestart([], 0)).toBe(true);
  });

  it('is never made while the fire line is on, in a lockdown, or while a lock is released', () => {
    expect(mayRestart([door('closed'), door('fire-released')], long)).toBe(false);
    expect(mayRestart([door('closed', 'lockdown')], long)).toBe(false);
    expect(mayRestart([door('released')], long)).toBe(false);
  });

  it('waits for whoever is passing, but not for ever for a door that is wedged open', () => {
    for (const state of ['open', 'held-open', 'forced'] as const) {
      expect(mayRestart([door(state)], seconds(30))).toBe(false);
      expect(mayRestart([door(state)], hours(1))).toBe(true);
    }
  });
});
