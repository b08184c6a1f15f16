import type { PersonClass, Unbillable, Via } from '@gatecast/firmware-protocol/messages';
import { describe, expect, it } from 'vitest';
import { unbillableReason } from './billable.ts';

describe('which openings are sold', () => {
  it.each<[Via, PersonClass | null, number | null, boolean, Unbillable | null]>([
    ['pin', 'resident', null, false, null],
    ['code', 'visitor', 30_000, false, null],
    ['pin', 'resident', 29_999, false, 'repeat'],
    ['pin', 'child', null, false, 'child'],
    ['code', 'staff', null, false, 'staff'],
    ['code', 'courier', null, false, 'courier'],
    ['code', 'maintenance', null, false, 'maintenance'],
    ['code', 'emergency', null, false, 'emergency'],
    ['remote', null, null, false, 'remote-opening'],
    ['exit', null, null, false, 'exit-button'],
    ['pin', 'resident', null, true, 'fire'],
  ])('%s by %s after %s ms, fire %s: %s', (via, person, sinceLastMs, fire, expected) => {
    const passage = { via, person, sinceLastMs, fire, side: 'entry', isFree: false } as const;
    expect(unbillableReason(passage)).toBe(expected);
  });

  it('nobody who leaves, and nobody for whom the door stands free anyway', () => {
    const passage = { via: 'pin', person: 'resident', sinceLastMs: null, fire: false } as const;
    expect(unbillableReason({ ...passage, side: 'exit', isFree: false })).toBe('exit-button');
    expect(unbillableReason({ ...passage, side: 'entry', isFree: true })).toBe('free-passage');
  });
});
