import { after, days, instant, minutes, newId } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { denyKeptMs, floorOf, isAlarm, listFor, logEntry, passState, type StoredCredential } from './rules.ts';

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

describe('the access log', () => {
  it('knows who opened the door from the private part alone', () => {
    const id = newId('credential');
    const body = { entrance: gate, via: 'pin', person: 'resident', pulseMs: 5_000, list: 3, command: null };
    const opened = { kind: 'opened', body, private: { salt: 'c2FsdA', data: { credential: id, touch: null } } };
    expect(logEntry(opened)).toMatchObject({ kind: 'opened', via: 'pin', credentialId: id, salt: 'c2FsdA' });
    expect(logEntry({ kind: 'opened', body })).toMatchObject({ kind: 'opened', credentialId: null });
  });

  it('says when an alarm ended, which mode began and what became of a reader', () => {
    const row = (kind: string, body: object) => logEntry({ kind, body: { entrance: gate, ...body } });
    expect(row('alarm', { alarm: 'forced' })).toMatchObject({ kind: 'forced', reason: null });
    expect(row('alarm', { alarm: 'forced', active: false })).toMatchObject({ kind: 'forced', reason: 'over' });
    expect(row('mode', { mode: 'lockdown', cause: 'override' })).toMatchObject({ kind: 'mode', reason: 'lockdown' });
    expect(row('mode', { mode: 'lockdown', cause: 'start' })).toMatchObject({ reason: 'lockdown' });
    expect(row('mode', { mode: 'normal', cause: 'start' })).toBeUndefined();
    expect(row('reader', { address: 1, state: 'paired', reason: null })).toMatchObject({
      kind: 'reader',
      reason: 'paired',
    });
  });

  it('names who opened under threat', () => {
    const id = newId('credential');
    const row = { kind: 'alarm', body: { entrance: gate, alarm: 'duress' } };
    const named = { ...row, private: { salt: 'c2FsdA', data: { credential: id, touch: null } } };
    expect(logEntry(named)).toMatchObject({ kind: 'duress', credentialId: id, salt: 'c2FsdA' });
  });

  it('passes over rows that are not for it or that nobody can read', () => {
    expect(logEntry({ kind: 'contact', body: { entrance: gate, open: true } })).toBeUndefined();
    expect(logEntry({ kind: 'opened', body: { entrance: 7 } })).toBeUndefined();
    expect(logEntry({ kind: 'of-another-version', body: {} })).toBeUndefined();
  });

  it('rings for a forced door, not for an exit', () => {
    expect(isAlarm('forced')).toBe(true);
    expect(isAlarm('exit')).toBe(false);
  });
});
