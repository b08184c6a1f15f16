import type { Alarm } from '@gatecast/cloud-api/client';
import { describe, expect, it } from 'vitest';
import { isLoud, sortAlarms } from './alarm-order.ts';

const alarm = (id: string, kind: Alarm['kind'], at: number, ackedAt: number | null = null): Alarm => ({
  id,
  kind,
  at,
  ackedAt,
  communityId: 'com_1',
  terminalId: 'term_1',
  terminalName: 'gate',
  entranceId: 'ent_1',
  entranceName: 'gate',
  endedAt: null,
  who: null,
  ackedBy: null,
  note: null,
});

describe('a guard who looks at the phone', () => {
  it('sees a call for help first, then fire, then what is newest', () => {
    const { waiting } = sortAlarms([
      alarm('held', 'held-open', 30),
      alarm('fire', 'fire', 10),
      alarm('help', 'help', 5),
      alarm('tamper', 'tamper', 40),
    ]);
    expect(waiting.map(({ id }) => id)).toEqual(['help', 'fire', 'tamper', 'held']);
  });

  it('finds what somebody has taken below, although it goes on', () => {
    const { waiting, others } = sortAlarms([alarm('taken', 'fire', 10, 12), alarm('new', 'power', 5)]);
    expect(waiting.map(({ id }) => id)).toEqual(['new']);
    expect(others.map(({ id }) => id)).toEqual(['taken']);
  });

  it('is rung for calls and fire alone, until somebody takes them', () => {
    expect(isLoud(alarm('a', 'help', 1))).toBe(true);
    expect(isLoud(alarm('b', 'fire', 1))).toBe(true);
    expect(isLoud(alarm('c', 'help', 1, 2))).toBe(false);
    expect(isLoud(alarm('d', 'held-open', 1))).toBe(false);
  });
});
