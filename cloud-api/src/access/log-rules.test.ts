import { newId } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { isAlarm, logEntry } from './log-rules.ts';

const gate = newId('entrance');

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
