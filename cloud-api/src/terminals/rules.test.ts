import { instant } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { documentState } from './rules.ts';

describe('a document on a terminal', () => {
  const at = instant(1);
  it.each([
    [{ desired: 3, applied: 3, appliedAt: at, failed: null, reason: null, outcome: null }, 'applied'],
    [{ desired: 3, applied: 2, appliedAt: at, failed: null, reason: null, outcome: null }, 'pending'],
    [{ desired: 3, applied: 2, appliedAt: at, failed: 3, reason: 'bad-body', outcome: null }, 'failed'],
    [{ desired: 3, applied: 2, appliedAt: at, failed: 3, reason: 'screen-silent', outcome: 'reverted' }, 'reverted'],
    [{ desired: 4, applied: 2, appliedAt: at, failed: 3, reason: 'bad-body', outcome: 'failed' }, 'pending'],
    [undefined, 'none'],
  ] as const)('%j is %s', (progress, state) => expect(documentState(progress).state).toBe(state));
});
