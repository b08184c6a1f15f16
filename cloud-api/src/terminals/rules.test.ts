import { instant } from '@gatecast/firmware-protocol';
import { commandLifeMs, commandStates } from '@gatecast/firmware-protocol/messages';
import { describe, expect, it } from 'vitest';
import { commandTransitions, deadlineMono, documentState, silentAfterMs, statesBefore } from './rules.ts';

describe('a command', () => {
  it('never leaves a final state, and reaches every other only by the table', () => {
    for (const from of commandStates.options) {
      for (const to of commandStates.options) {
        expect(statesBefore(to).includes(from)).toBe(commandTransitions[from].includes(to));
      }
    }
    expect(statesBefore('EXECUTED')).not.toContain('EXECUTED');
    expect(statesBefore('SENT')).toEqual(['QUEUED']);
  });

  it('ends ten seconds from now on the clock of the terminal', () => {
    expect(deadlineMono({ monoMs: 1_000, ageMs: 4_000 })).toBe(5_000 + commandLifeMs);
  });

  it('is not given more time because somebody moved the wall clock', () => {
    expect(deadlineMono({ monoMs: 1_000, ageMs: silentAfterMs + 1 })).toBe(1_000 + commandLifeMs);
    expect(deadlineMono({ monoMs: 1_000, ageMs: -5 })).toBe(1_000 + commandLifeMs);
  });
});

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
