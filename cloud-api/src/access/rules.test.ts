import { after, days, instant, minutes, newId } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { denyKeptMs, floorOf, listFor, passState, type StoredCredential } from './rules.ts';

const now = instant(1_770_000_000_000);
const gate = newId('entrance');
const back = newId('entrance');

const credential = (change: Partial<StoredCredential>): StoredCredential => ({
  id: newId('credential'),
  kind: 'code',
  person: 'visitor',
  unit: null,
  entranceIds: null,
  from: null,
  to: null,
  uses: null,
  epoch: 1,
  tag: 'A'.repeat(43),
  revokedAt: null,
  ...change,
});

describe('the list of a terminal', () => {
  it('holds what opens its entrance and leaves out what is over', () => {
    const everywhere = credential({});
    const elsewhere = credential({ entranceIds: [back] });
    const over = credential({ to: now });
    const later = credential({ from: after(now, minutes(5)), to: after(now, minutes(9)) });
    const { credentials } = listFor(gate, [everywhere, elsewhere, over, later], now);
    expect(credentials.map(({ id }) => id)).toEqual([everywhere.id, later.id]);
  });

  it('names revoked credentials until no old list can be about', () => {
    const fresh = credential({ revokedAt: now });
    const ancient = credential({ revokedAt: instant(now - denyKeptMs) });
    const { credentials, deny } = listFor(gate, [fresh, ancient], now);
    expect(credentials).toEqual([]);
    expect(deny).toEqual([fresh.id]);
  });
});

describe('a lift', () => {
  const floorsOf = (change: Partial<StoredCredential>) =>
    listFor(gate, [credential(change)], now).credentials[0]?.floors;

  it('takes residents to the floor that their unit’s number tells', () => {
    expect([floorOf('1203'), floorOf('302'), floorOf('0302')]).toEqual([12, 3, 3]);
    expect([floorOf('12'), floorOf('11203'), floorOf('0012'), floorOf('')]).toEqual(Array(4).fill(undefined));
    expect(floorsOf({ kind: 'unit-pin', person: 'resident', unit: '1203' })).toEqual([12]);
    expect(floorsOf({ kind: 'unit-pin', person: 'resident', unit: '7' })).toEqual([]);
  });

  it('takes those who work in the building everywhere, and visitors where everybody may go', () => {
    for (const person of ['staff', 'maintenance', 'emergency'] as const) expect(floorsOf({ person })).toBe('all');
    for (const person of ['visitor', 'courier'] as const) expect(floorsOf({ person })).toEqual([]);
  });
});

describe('a pass', () => {
  const pass = { from: now, to: after(now, days(1)), revokedAt: null };
  it('is good from its first moment until just before its last', () => {
    expect(passState(pass, instant(now - 1))).toBe('scheduled');
    expect(passState(pass, now)).toBe('active');
    expect(passState(pass, pass.to)).toBe('expired');
    expect(passState({ ...pass, revokedAt: now }, now)).toBe('revoked');
  });
});
