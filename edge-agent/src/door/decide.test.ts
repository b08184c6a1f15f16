import type { ClockQuality, Refusal } from '@gatecast/firmware-protocol/messages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, readerLane, type AccessView, type Question } from './decide.ts';
import type { CredentialRecord } from './list-index.ts';

const anna: CredentialRecord = {
  id: 'cred_anna',
  person: 'resident',
  entrances: null,
  from: null,
  to: null,
  uses: null,
  openMs: null,
  floors: [],
  duress: false,
  epoch: 1,
  tag: new Uint8Array(32),
  denied: false,
};
const guest: CredentialRecord = { ...anna, id: 'cred_guest', person: 'visitor' };

/** A list of one unit with one PIN, and one code. */
const listOf = (resident: CredentialRecord, visitor: CredentialRecord): AccessView => ({
  version: 3,
  byUnit: (unit) => (unit === '1203' ? [resident] : []),
  byCode: (code) => (code === '48151623' ? visitor : undefined),
  isPinOf: (_credential, pin) => pin === '739154',
});
const rightPin = { kind: 'unit-pin', unit: '1203', pin: '739154' } as const;
const rightCode = { kind: 'code', code: '48151623' } as const;
const ask = (part: Partial<Question>): Question => ({
  list: listOf(anna, guest),
  typed: rightPin,
  entrance: 'entr_gate',
  now: 1_000,
  clock: 'synced',
  usesOf: () => 0,
  isLocked: () => false,
  isLockedDown: false,
  ...part,
});
const withGuest = (limits: Partial<CredentialRecord>, part: Partial<Question> = {}) =>
  ask({ list: listOf(anna, { ...guest, ...limits }), typed: rightCode, ...part });

describe('who may come in', () => {
  it('lets in who has the right PIN of the right unit, or a right code', () => {
    expect(decide(ask({}))).toMatchObject({ open: true, credential: { id: 'cred_anna' }, lane: 'unit 1203' });
    expect(decide(ask({ typed: rightCode }))).toMatchObject({ open: true, credential: { id: 'cred_guest' } });
  });

  it.each<[string, Question, Refusal, string | null]>([
    ['before the first list', ask({ list: null }), 'no-list', null],
    ['nonsense', ask({ typed: { kind: 'bad-format' } }), 'bad-format', null],
    ['a unit that nobody lives in', ask({ typed: { ...rightPin, unit: '9' } }), 'unknown-unit', readerLane],
    ['a wrong PIN', ask({ typed: { ...rightPin, pin: '000001' } }), 'wrong-pin', 'unit 1203'],
    ['a code that names nobody', ask({ typed: { kind: 'code', code: '000000' } }), 'unknown-code', readerLane],
    ['a locked unit', ask({ isLocked: (lane) => lane === 'unit 1203' }), 'locked', null],
    ['a locked reader', ask({ typed: rightCode, isLocked: (lane) => lane === readerLane }), 'locked', null],
    ['somebody who was locked out', withGuest({ denied: true }), 'revoked', null],
    ['another entrance', withGuest({ entrances: ['entr_other'] }), 'wrong-entrance', null],
    ['a pass of tomorrow', withGuest({ from: 1_001 }), 'not-yet', null],
    ['a pass of yesterday', withGuest({ to: 1_000 }), 'expired', null],
    ['a pass with no use left', withGuest({ uses: 2 }, { usesOf: () => 2 }), 'used-up', null],
    ['a dated pass without a clock', withGuest({ to: 9_999 }, { clock: 'unknown' }), 'clock-unknown', null],
    ['a dated pass with a clock set back', withGuest({ from: 1 }, { clock: 'turned-back' }), 'clock-unknown', null],
  ])('refuses %s', (_what, question, reason, wrongIn) => {
    expect(decide(question)).toMatchObject({ open: false, reason, wrongIn });
  });

  it('a locked reader does not keep residents with unit and PIN outside', () => {
    expect(decide(ask({ isLocked: (lane) => lane === readerLane }))).toMatchObject({ open: true });
  });

  it('takes the credential that still opens when two share a PIN', () => {
    const list = { ...listOf(anna, guest), byUnit: () => [{ ...guest, to: 5 }, anna] };
    expect(decide(ask({ list }))).toMatchObject({ open: true, credential: { id: 'cred_anna' } });
  });

  it('lets nobody in during a lockdown but with an emergency credential', () => {
    expect(decide(ask({ isLockedDown: true }))).toMatchObject({ open: false, reason: 'lockdown', wrongIn: null });
    expect(decide(withGuest({ person: 'emergency' }, { isLockedDown: true })).open).toBe(true);
    expect(decide(withGuest({ person: 'emergency', denied: true }, { isLockedDown: true })).open).toBe(false);
  });

  it('tells no right code from a wrong one during a lockdown, and still counts the wrong ones', () => {
    const wrong = decide(ask({ isLockedDown: true, typed: { ...rightPin, pin: '000001' } }));
    expect(wrong).toMatchObject({ open: false, reason: 'lockdown', wrongIn: 'unit 1203' });
    const nonsense = decide(ask({ isLockedDown: true, typed: { kind: 'bad-format' } }));
    expect(nonsense).toMatchObject({ open: false, reason: 'lockdown' });
  });

  it('opens inside the window and nowhere else, whatever the clock reads', () => {
    const limit = fc.option(fc.integer({ min: 0, max: 2_000 }));
    const qualities: ClockQuality[] = ['synced', 'holdover', 'unknown', 'turned-back'];
    fc.assert(
      fc.property(
        limit,
        limit,
        fc.integer({ min: 0, max: 2_000 }),
        fc.constantFrom(...qualities),
        (from, to, now, clock) => {
          const { open } = decide(withGuest({ from, to }, { now, clock }));
          const isTrusted = clock === 'synced' || clock === 'holdover' || (from === null && to === null);
          expect(open).toBe(isTrusted && now >= (from ?? now) && now < (to ?? now + 1));
        },
      ),
    );
  });
});
