import { ApiError } from '@gatecast/cloud-api/client';
import { expect, it } from 'vitest';
import { openingOf, refusedOpening } from './door-opening.ts';

const refusal = (status: number, code: string) =>
  refusedOpening(new ApiError({ type: 'about:blank', title: code, status, code }));

it('a guard is told whether to press again, to look, or to walk', () => {
  expect(openingOf({ state: 'RECEIVED', reason: null })).toEqual({ kind: 'opening' });
  expect(openingOf({ state: 'EXECUTED', reason: null })).toEqual({ kind: 'opened' });
  expect(openingOf({ state: 'REFUSED', reason: 'door-offline' })).toEqual({ kind: 'failed', failure: 'lock' });
  expect(openingOf({ state: 'UNKNOWN', reason: null })).toEqual({ kind: 'failed', failure: 'unsure' });
  expect(refusal(0, 'offline')).toEqual({ kind: 'failed', failure: 'offline' });
  expect(refusal(409, 'terminal-offline')).toEqual({ kind: 'failed', failure: 'away' });
  expect(refusal(500, 'internal')).toEqual({ kind: 'failed', failure: 'refused' });
});
