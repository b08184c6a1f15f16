import { ApiError } from '@gatecast/cloud-api/client';
import { describe, expect, it } from 'vitest';
import { openingOf, refusedOpening } from './opening.ts';

const refusal = (status: number, code: string): ApiError =>
  new ApiError({ type: 'about:blank', title: code, status, code });

describe('somebody in front of the door', () => {
  it('waits while the command is on its way, and sees the door open', () => {
    for (const state of ['QUEUED', 'SENT', 'RECEIVED'] as const)
      expect(openingOf({ state, reason: null })).toEqual({ kind: 'opening' });
    expect(openingOf({ state: 'EXECUTED', reason: null })).toEqual({ kind: 'opened' });
  });

  it('is told what to do when the terminal refuses, also for a reason that this page does not know', () => {
    expect(openingOf({ state: 'REFUSED', reason: 'lockdown' })).toEqual({ kind: 'failed', advice: 'lockdown' });
    expect(openingOf({ state: 'REFUSED', reason: 'door-offline' })).toEqual({ kind: 'failed', advice: 'lock-offline' });
    expect(openingOf({ state: 'REFUSED', reason: 'something-new' })).toEqual({ kind: 'failed', advice: 'try-again' });
  });

  it('is not told that a door stayed shut which may have opened', () => {
    expect(openingOf({ state: 'EXPIRED', reason: null })).toEqual({ kind: 'failed', advice: 'late' });
    expect(openingOf({ state: 'UNKNOWN', reason: null })).toEqual({ kind: 'failed', advice: 'unsure' });
  });

  it('is sent to the keypad or the QR code when the cloud cannot help', () => {
    expect(refusedOpening(refusal(0, 'offline'))).toEqual({ kind: 'failed', advice: 'no-network' });
    expect(refusedOpening(refusal(409, 'terminal-offline'))).toEqual({ kind: 'failed', advice: 'door-offline' });
    expect(refusedOpening(refusal(429, 'too-many-requests'))).toEqual({ kind: 'failed', advice: 'too-often' });
    expect(refusedOpening(refusal(401, 'unauthenticated'))).toEqual({ kind: 'failed', advice: 'sign-in' });
    expect(refusedOpening(new TypeError('a bug'))).toEqual({ kind: 'failed', advice: 'try-again' });
  });
});
