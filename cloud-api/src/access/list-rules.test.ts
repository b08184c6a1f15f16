import { after, days, instant, minutes, newId } from '@gatecast/firmware-protocol';
import { credential as credentialSchema } from '@gatecast/firmware-protocol/messages';
import { describe, expect, it } from 'vitest';
import { concerns, denyKeptMs, floorOf, listingOf, type StoredCredential } from './list-rules.ts';

const now = instant(1_770_000_000_000);
const gate = newId('entrance');

const stored = (change: Partial<StoredCredential>): StoredCredential => ({
  id: newId('credential'),
  kind: 'code',
  person: 'visitor',
  unit: null,
  unitFloor: null,
  entranceIds: null,
  from: null,
  to: null,
  uses: null,
  usedCount: 0,
  firstUsedAt: null,
  openMs: null,
  duress: false,
  scheduleId: null,
  firstUseBy: null,
  lastsMs: null,
  epoch: 1,
  tag: 'A'.repeat(43),
  keyOdd: null,
  codeNo: null,
  generation: null,
  pseudonym: null,
  group: null,
  noticeName: null,
  revokedAt: null,
  ...change,
});
const listing = (change: Partial<StoredCredential>) =>
  listingOf(stored(change), { now, generation: 2, scheduleNo: () => 7 });

describe('what lists say of a credential', () => {
  it('is that it opens, also before its time, until it is over', () => {
    expect(listing({})).toMatchObject({ state: 'granted', until: null });
    const to = after(now, minutes(9));
    expect(listing({ from: after(now, minutes(5)), to })).toMatchObject({ state: 'granted', until: to });
    expect(listing({ to: now }).state).toBe('gone');
  });

  it('is that it is denied once it was revoked, until its own end, or as long as an old list may be about', () => {
    const late = after(now, days(300));
    expect(listing({ revokedAt: instant(now - days(100)), to: late })).toMatchObject({ state: 'denied', until: late });
    expect(listing({ revokedAt: now })).toMatchObject({ state: 'denied', until: after(now, denyKeptMs) });
    expect(listing({ revokedAt: instant(now - denyKeptMs) }).state).toBe('gone');
    expect(listing({ revokedAt: now, to: now }).state).toBe('gone');
    expect(listing({ revokedAt: now, codeNo: 31, generation: 2 }).codeNo).toBe(31);
  });

  it('is that a typed pass code of an earlier generation of keys is void', () => {
    expect(listing({ codeNo: 31, generation: 1 })).toMatchObject({ state: 'denied', codeNo: null });
    expect(listing({ codeNo: 31, generation: 2 }).state).toBe('granted');
    expect(listing({ codeNo: null, generation: 1 }).state).toBe('granted');
  });

  it('is that a pass is denied everywhere once it was used up at some door', () => {
    const to = after(now, days(1));
    expect(listing({ uses: 1, usedCount: 0, codeNo: 31, generation: 2 }).state).toBe('granted');
    const usedUp = { uses: 1, usedCount: 1, codeNo: 31, generation: 2, to };
    expect(listing(usedUp)).toMatchObject({ state: 'denied', codeNo: 31, until: to });
    expect(listing({ usedCount: 9 }).state).toBe('granted');
  });

  it('is what a terminal reads, of every kind', () => {
    const limits = { scheduleId: 'sche_1', firstUseBy: now, lastsMs: 60_000, openMs: 9_000, entranceIds: [gate] };
    const kinds = [
      stored({ kind: 'unit-pin', unit: '1203', person: 'resident', duress: true }),
      stored({ kind: 'card', ...limits }),
      stored({ kind: 'phone', keyOdd: true }),
      stored({ kind: 'code', uses: 3 }),
    ];
    const told = kinds.map((one) => listingOf(one, { now, generation: 1, scheduleNo: () => 7 }).credential);
    for (const one of told) expect(credentialSchema.parse(one)).toEqual(one);
    expect(told).toMatchObject([
      { kind: 'unit-pin', unit: '1203', duress: true, schedule: null, firstUse: null },
      { kind: 'card', schedule: 7, firstUse: { by: now, lastsMs: 60_000 }, openMs: 9_000, entrances: [gate] },
      { kind: 'phone', x: 'A'.repeat(43), odd: true },
      { kind: 'code', uses: 3 },
    ]);
  });

  it('concerns the terminals of its entrances', () => {
    expect(concerns(null, gate)).toBe(true);
    expect(concerns([gate], gate)).toBe(true);
    expect(concerns([newId('entrance')], gate)).toBe(false);
  });
});

describe('a lift', () => {
  const floorsOf = (change: Partial<StoredCredential>) => listing(change).credential?.floors;

  it('takes residents to the floor that their unit’s number tells, or that somebody set', () => {
    expect([floorOf('1203'), floorOf('302'), floorOf('0302')]).toEqual([12, 3, 3]);
    expect([floorOf('12'), floorOf('11203'), floorOf('0012'), floorOf('')]).toEqual(Array(4).fill(undefined));
    expect(floorsOf({ kind: 'unit-pin', person: 'resident', unit: '1203' })).toEqual([12]);
    expect(floorsOf({ kind: 'unit-pin', person: 'resident', unit: '7' })).toEqual([]);
    expect(floorsOf({ kind: 'unit-pin', person: 'child', unit: '7', unitFloor: 31 })).toEqual([31]);
    expect(floorsOf({ person: 'resident', unit: '1203', unitFloor: -1 })).toEqual([-1]);
  });

  it('takes those who work in the building everywhere, and visitors where everybody may go', () => {
    for (const person of ['staff', 'maintenance', 'emergency'] as const) expect(floorsOf({ person })).toBe('all');
    for (const person of ['visitor', 'courier'] as const) expect(floorsOf({ person })).toEqual([]);
  });
});
