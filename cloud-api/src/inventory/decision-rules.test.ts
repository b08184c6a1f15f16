import { zonedInstant } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import {
  decisionStatesBefore,
  decisionStatuses,
  decisionTransitions,
  unsoldThere,
  type Offer,
  type Sellable,
} from './decision-rules.ts';

const zone = 'Asia/Shanghai';
const at = (day: string, minute: number) => zonedInstant(day, minute, zone);
const scope = {
  placements: ['gate', 'lift'],
  hours: [{ fromMinute: 420, toMinute: 1_320 }],
  excluded: ['alcohol'],
  until: at('2026-12-01', 0),
} as const;
const state = (over: Partial<Sellable> = {}): Sellable => ({
  communityId: 'comm_a',
  zone,
  reason: null,
  scope,
  blackouts: [],
  ...over,
});
const offer = (over: Partial<Offer> = {}): Offer => ({
  at: at('2026-11-23', 480),
  placement: 'gate',
  category: 'goods',
  ...over,
});

describe('a half-hour at a door', () => {
  it('is sold within what the owners decided', () => {
    expect(unsoldThere(state(), offer())).toBeNull();
  });
  it('is not sold without their decision', () => {
    expect(unsoldThere(state({ scope: null, reason: 'no-owner-decision' }), offer())).toBe('no-owner-decision');
  });
  it('is not sold from the moment on at which the decision ends', () => {
    expect(unsoldThere(state(), offer({ at: at('2026-11-30', 1_290) }))).toBeNull();
    expect(unsoldThere(state(), offer({ at: at('2026-12-01', 0) }))).toBe('decision-expired');
  });
  it('is not sold at another door, in another hour or for what they do not want', () => {
    expect(unsoldThere(state(), offer({ placement: 'unit-door' }))).toBe('outside-decision');
    expect(unsoldThere(state(), offer({ placement: 'any' }))).toBeNull();
    expect(unsoldThere(state(), offer({ category: 'alcohol' }))).toBe('outside-decision');
    expect(unsoldThere(state(), offer({ category: null }))).toBeNull();
    expect([390, 420, 1_290, 1_320].map((m) => unsoldThere(state(), offer({ at: at('2026-11-23', m) })))).toEqual([
      'outside-decision',
      null,
      null,
      'outside-decision',
    ]);
  });
  it('is not sold on a black-out day of its own calendar, first and last included', () => {
    const dark = state({ blackouts: [{ firstDay: '2026-11-24', lastDay: '2026-11-25' }] });
    const days = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26'];
    expect(days.map((day) => unsoldThere(dark, offer({ at: at(day, 480) })))).toEqual([
      null,
      'blackout',
      'blackout',
      null,
    ]);
  });
});

it('a decision goes no way but those of its table', () => {
  for (const from of decisionStatuses)
    for (const to of decisionStatuses)
      expect([from, to, decisionStatesBefore(to).includes(from)]).toEqual([
        from,
        to,
        decisionTransitions[from].includes(to),
      ]);
  expect(decisionStatesBefore('in-force')).toEqual(['waiting']);
});
