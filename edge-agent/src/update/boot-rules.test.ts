import { describe, expect, it } from 'vitest';
import { committed, nextBoot, returned, startTakenBack, trialStartsMax } from './boot-rules.ts';
import { freshState, type BootState, type Trial } from './boot-state.ts';
import type { Slot } from './slots.ts';

const whole = (...slots: Slot[]) => new Set(slots);
const trial: Trial = {
  slot: 'b',
  version: '1.1.0',
  document: 7,
  attempts: 0,
  before: { doors: [], screen: true, uplink: true },
  fault: null,
};
const onTrial: BootState = { ...freshState, floor: '1.0.0', trial };

describe('what the launcher starts', () => {
  it('the slot in force, without writing anything', () => {
    expect(nextBoot(freshState, whole('a'))).toEqual({ state: freshState, boot: { slot: 'a', isTrial: false } });
  });

  it('a release on trial a few times, each start counted before it, and then the one before', () => {
    let state = onTrial;
    for (let start = 1; start <= trialStartsMax; start += 1) {
      const next = nextBoot(state, whole('a', 'b'));
      expect(next.boot).toEqual({ slot: 'b', isTrial: true });
      expect(next.state.trial?.attempts).toBe(start);
      state = next.state;
    }
    const { state: after, boot } = nextBoot(state, whole('a', 'b'));
    expect(boot).toEqual({ slot: 'a', isTrial: false });
    expect(after).toMatchObject({
      active: 'a',
      floor: '1.0.0',
      trial: null,
      outcome: { document: 7, state: 'failed', reason: 'crashed', told: false },
    });
  });

  it('the one before at once when the release on trial gave itself up, with its reason', () => {
    const { state, boot } = nextBoot({ ...onTrial, trial: { ...trial, fault: 'door-silent' } }, whole('a', 'b'));
    expect([boot?.slot, state.outcome?.reason]).toEqual(['a', 'door-silent']);
  });

  it('never a slot of which something is missing or changed', () => {
    expect(nextBoot(onTrial, whole('a')).state.outcome?.reason).toBe('slot-damaged');
    expect(nextBoot(freshState, whole('b')).boot).toEqual({ slot: 'b', isTrial: false });
    expect(nextBoot(freshState, whole()).boot).toBeNull();
  });

  it('a start that an orderly stop cut short does not count', () => {
    const tried = nextBoot(onTrial, whole('a', 'b')).state;
    expect(startTakenBack(tried)).toEqual(onTrial);
    expect(startTakenBack(freshState)).toEqual(freshState);
  });
});

describe('the floor under which nothing is taken', () => {
  it('rises when a release has proven itself, and not before', () => {
    expect(onTrial.floor).toBe('1.0.0');
    expect(returned(onTrial, 'crashed').floor).toBe('1.0.0');
    expect(committed(onTrial)).toMatchObject({
      active: 'b',
      floor: '1.1.0',
      trial: null,
      outcome: { state: 'applied' },
    });
  });

  it('does not sink', () => {
    expect(committed({ ...onTrial, floor: '2.0.0' }).floor).toBe('2.0.0');
    expect(committed(freshState)).toBe(freshState);
  });
});
