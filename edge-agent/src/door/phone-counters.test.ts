import { phoneStep } from '@gatecast/firmware-protocol/pass';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { PhoneCounters } from './phone-counters.ts';
import type { PhoneCounter } from '../store/phone-counter-table.ts';
import type { StoreSnapshot } from '../store/snapshot.ts';

const noon = Date.UTC(2026, 10, 22, 12);

function countersAfter(run: { unclean: boolean; kept?: readonly [string, number][] }, startedMono = 0) {
  const kept: PhoneCounter[] = [];
  const snapshot: StoreSnapshot = {
    claim: null,
    documents: new Map(),
    trials: new Map(),
    refused: new Map(),
    uses: new Map(),
    phoneCounters: new Map(run.kept ?? []),
    values: new Map(),
    interrupted: [],
    unclean: run.unclean,
  };
  const store = { snapshot, savePhoneCounter: async (taken: PhoneCounter) => void kept.push(taken) };
  const counters = new PhoneCounters({ store, log: pino({ level: 'silent' }) });
  counters.start(startedMono);
  return { counters, kept };
}

describe('the counter of a phone', () => {
  it('goes on after a restart', () => {
    const { counters } = countersAfter({ unclean: false, kept: [['cred_a', 7]] });
    expect([counters.counterOf('cred_a'), counters.counterOf('cred_b')]).toEqual([7, undefined]);
  });

  it('is taken at once and kept when the door has opened; a code that opened nothing is good again', () => {
    const { counters, kept } = countersAfter({ unclean: false });
    const giveBack = counters.take('cred_a', 3);
    expect(counters.counterOf('cred_a')).toBe(3);
    giveBack();
    expect(counters.counterOf('cred_a')).toBe(-1);
    counters.take('cred_a', 4);
    counters.keep('cred_a', 4);
    giveBack();
    expect([counters.counterOf('cred_a'), kept]).toEqual([4, [{ phone: 'cred_a', counter: 4 }]]);
  });

  it('may be behind after a run that was cut off: no code is taken that such a run could have taken', () => {
    expect(countersAfter({ unclean: false }).counters.stepMin(noon, 5_000)).toBe(0);
    const { counters } = countersAfter({ unclean: true }, 5_000);
    // Whoever's phone is half a minute ahead has shown the next step already.
    const shown = phoneStep(noon) + 1;
    expect(counters.stepMin(noon, 5_000)).toBeGreaterThan(shown);
    expect(counters.stepMin(noon + 600_000, 605_000)).toBe(counters.stepMin(noon, 5_000));
  });
});
