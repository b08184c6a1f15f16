import type { ClockQuality, Refusal } from '@gatecast/firmware-protocol/messages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, unitLane, type Question } from './decide.ts';
import { unreadable, type Presented } from './presented.ts';
import { credentialOf } from './right.fixture.ts';
import type { Right, UseRecord } from './right.ts';

const anna = credentialOf({ id: 'cred_anna' });
const hour = 3_600_000;
/** Half minutes: 2026-11-22 is a Sunday. */
const noon = Date.UTC(2026, 10, 22, 12);
const readerLane = 'reader entr_gate entry';

const pinOf = (...named: Right[]): Presented => ({ kind: 'pin', unit: '1203', isUnitKnown: true, named });
const codeOf = (...named: Right[]): Presented => ({ kind: 'code', named, passes: null });
const passCode = (...passes: Right[]): Presented => ({ kind: 'code', named: [], passes });
const cardOf = (...named: Right[]): Presented => ({ kind: 'card', named });
const passOf = (right: Right): Presented => ({ kind: 'pass', right });
const phoneOf = (step: number, counter: number, right = anna): Presented => ({ kind: 'phone', right, step, counter });
const nobody = { kind: 'pin', unit: '9', isUnitKnown: false, named: [] } as const;

const ask = (presented: Presented, part: Partial<Question> = {}): Question => ({
  hours: { zone: 'UTC', schedules: [], holidays: new Set() },
  presented,
  entrance: 'entr_gate',
  readerLane,
  now: noon,
  clock: 'synced',
  usesOf: () => undefined,
  counterOf: () => undefined,
  phoneStepMin: 0,
  isLocked: () => false,
  isSlowed: false,
  isLockedDown: false,
  ...part,
});
const guest = (limits: Partial<Right>): Right => credentialOf({ id: 'cred_guest', person: 'visitor', ...limits });
const withGuest = (limits: Partial<Right>, part: Partial<Question> = {}) => ask(codeOf(guest(limits)), part);
const used = (uses: number, firstUsedAt: number | null = null) => ({
  usesOf: (): UseRecord => ({ uses, firstUsedAt }),
});
const step = noon / 30_000;

describe('who may come in', () => {
  it('lets in who is on the list, by PIN, code or card, or has a pass or a phone of their own', () => {
    const [pin, code, card] = [pinOf(anna), codeOf(guest({})), cardOf(anna)];
    expect(decide(ask(pin))).toEqual({ open: true, credential: anna, lane: unitLane('1203') });
    expect(decide(ask(code))).toMatchObject({ open: true, credential: { id: 'cred_guest' }, lane: readerLane });
    expect(decide(ask(card))).toEqual({ open: true, credential: anna, lane: null });
    const day = guest({ from: noon - hour, to: noon + hour });
    for (const presented of [passCode(day), passOf(day), phoneOf(step, 1)])
      expect(decide(ask(presented)).open).toBe(true);
  });

  it.each<[string, Question, Refusal, string | null]>([
    ['before the first list', ask(pinOf(anna), { hours: null }), 'no-list', null],
    ['a QR code before the first list', ask(unreadable('unknown-qr'), { hours: null }), 'no-list', null],
    ['nonsense', ask(unreadable('bad-format')), 'bad-format', null],
    ['a unit that nobody lives in', ask(nobody), 'unknown-unit', readerLane],
    ['a wrong PIN', ask(pinOf()), 'wrong-pin', 'unit 1203'],
    ['a code that names nobody', ask(codeOf()), 'unknown-code', readerLane],
    ['a code of ten digits that names nobody', ask(passCode()), 'unknown-code', readerLane],
    ['a card that names nobody', ask(cardOf()), 'unknown-card', null],
    ['a QR code of something else', ask(unreadable('unknown-qr')), 'unknown-qr', null],
    ['a pass that somebody else has signed', ask(unreadable('bad-signature')), 'bad-signature', null],
    ['a locked unit', ask(pinOf(anna), { isLocked: (lane) => lane === 'unit 1203' }), 'locked', null],
    ['a locked reader', ask(codeOf(anna), { isLocked: (lane) => lane === readerLane }), 'locked', null],
    ['a code too many', ask(pinOf(anna), { isSlowed: true }), 'slow-down', null],
    ['somebody who was locked out', withGuest({ denied: true }), 'revoked', null],
    ['another entrance', withGuest({ entrances: ['entr_other'] }), 'wrong-entrance', null],
    ['a pass of tomorrow', withGuest({ from: noon + 1 }), 'not-yet', null],
    ['a pass of yesterday', withGuest({ to: noon }), 'expired', null],
    ['a pass with no use left', withGuest({ uses: 2 }, used(2)), 'used-up', null],
    ['a typed pass code after its hours', ask(passCode(guest({ from: 1, to: noon }))), 'expired', null],
    ['a typed pass code that was taken back', ask(passCode(guest({ from: 1, denied: true }))), 'revoked', null],
    ['a second use of a pass code for one', ask(passCode(guest({ from: 1, uses: 1 })), used(1)), 'used-up', null],
  ])('refuses %s', (_what, question, reason, wrongIn) => {
    expect(decide(question)).toMatchObject({ open: false, reason, wrongIn });
  });

  it('does not tell a guesser that a pass code will open later', () => {
    const later = passCode(guest({ from: noon + 1, to: noon + hour }));
    expect(decide(ask(later))).toEqual(decide(ask(passCode())));
  });

  it('a locked reader does not keep residents with unit and PIN outside, and no lock ever a card or a QR code', () => {
    const isLocked = (lane: string) => lane === readerLane;
    expect(decide(ask(pinOf(anna), { isLocked })).open).toBe(true);
    const everything = { isLocked: () => true, isSlowed: true };
    for (const presented of [cardOf(anna), passOf(anna), phoneOf(step, 1)])
      expect(decide(ask(presented, everything)).open).toBe(true);
  });

  it('takes the credential that still opens when two share a PIN, a code or a card', () => {
    for (const named of [pinOf, codeOf, cardOf])
      expect(decide(ask(named(guest({ to: 5 }), anna)))).toMatchObject({ open: true, credential: { id: 'cred_anna' } });
  });

  it('counts as a guess only what was typed and names nobody', () => {
    const isGuess = (presented: Presented) => {
      const decision = decide(ask(presented));
      return !decision.open && decision.isGuess;
    };
    for (const presented of [pinOf(), nobody, codeOf(), passCode(), unreadable('bad-format')])
      expect(isGuess(presented)).toBe(true);
    for (const presented of [codeOf(guest({ to: 1 })), cardOf(), unreadable('unknown-qr'), unreadable('bad-signature')])
      expect(isGuess(presented)).toBe(false);
  });
});

describe('in a lockdown', () => {
  it('nobody comes in but with an emergency credential', () => {
    const lockedDown = { isLockedDown: true };
    for (const presented of [pinOf(anna), cardOf(anna), passOf(guest({})), phoneOf(step, 1)])
      expect(decide(ask(presented, lockedDown))).toMatchObject({ open: false, reason: 'lockdown', wrongIn: null });
    expect(decide(withGuest({ person: 'emergency' }, lockedDown)).open).toBe(true);
    expect(decide(ask(cardOf(guest({ person: 'emergency' })), lockedDown)).open).toBe(true);
    expect(decide(withGuest({ person: 'emergency', denied: true }, lockedDown)).open).toBe(false);
  });

  it('no right code is told from a wrong one, and the wrong ones still count', () => {
    const wrong = decide(ask(pinOf(), { isLockedDown: true }));
    expect(wrong).toMatchObject({ open: false, reason: 'lockdown', wrongIn: 'unit 1203' });
    const nonsense = decide(ask(unreadable('bad-format'), { isLockedDown: true }));
    expect(nonsense).toMatchObject({ open: false, reason: 'lockdown' });
  });
});

describe('time', () => {
  const always = {
    windows: [{ days: [1, 2, 3, 4, 5, 6, 7], window: { fromMinute: 0, toMinute: 1_439 }, entrances: null }],
  };
  const mornings = { windows: [{ days: [7], window: { fromMinute: 480, toMinute: 720 }, entrances: null }] };
  const hours = { zone: 'UTC', schedules: [always, mornings], holidays: new Set<string>() };
  const qualities: ClockQuality[] = ['synced', 'holdover', 'unknown', 'turned-back'];

  it.each(['unknown', 'turned-back'] as const)('that is %s refuses whatever has an end, and nothing else', (clock) => {
    const limited: Presented[] = [
      codeOf(guest({ to: noon + hour })),
      codeOf(guest({ from: 1 })),
      codeOf(guest({ schedule: 0 })),
      codeOf(guest({ firstUse: { by: null, lastsMs: hour } })),
      cardOf(guest({ to: noon + hour })),
      passOf(guest({ from: 1, to: noon + hour })),
      passCode(guest({ from: 1, to: noon + hour })),
      passCode(),
      phoneOf(step, 1),
    ];
    for (const presented of limited)
      expect(decide(ask(presented, { clock, hours }))).toMatchObject({ open: false, reason: 'clock-unknown' });
    for (const presented of [pinOf(anna), codeOf(guest({ uses: 3 })), cardOf(anna)])
      expect(decide(ask(presented, { clock, hours })).open).toBe(true);
  });

  it('opens inside the window and nowhere else, whatever the clock reads', () => {
    const limit = fc.option(fc.integer({ min: 0, max: 2_000 }));
    const moments = fc.integer({ min: 0, max: 2_000 });
    fc.assert(
      fc.property(limit, limit, moments, fc.constantFrom(...qualities), (from, to, now, clock) => {
        const { open } = decide(withGuest({ from, to }, { now, clock }));
        const isTrusted = clock === 'synced' || clock === 'holdover' || (from === null && to === null);
        expect(open).toBe(isTrusted && now >= (from ?? now) && now < (to ?? now + 1));
      }),
    );
  });

  it('lets in by the schedule that somebody has, and by none that the list does not have', () => {
    expect(decide(withGuest({ schedule: 0 }, { hours })).open).toBe(true);
    expect(decide(withGuest({ schedule: 1 }, { hours }))).toMatchObject({ open: false, reason: 'outside-schedule' });
    expect(decide(withGuest({ schedule: 1 }, { hours, now: noon - 1 })).open).toBe(true);
    expect(decide(withGuest({ schedule: 2 }, { hours }))).toMatchObject({ open: false, reason: 'outside-schedule' });
  });

  it('begins with the first use for a pass that says so', () => {
    const firstUse = { by: noon + hour, lastsMs: 2 * hour };
    const at = (now: number, firstUsedAt: number | null) => {
      const decision = decide(withGuest({ firstUse }, { now, ...(firstUsedAt !== null && used(1, firstUsedAt)) }));
      return decision.open || decision.reason;
    };
    expect(at(noon, null)).toBe(true);
    expect(at(noon + hour, null)).toBe('first-use-missed');
    expect(at(noon + hour, noon)).toBe(true);
    expect(at(noon + 2 * hour - 1, noon)).toBe(true);
    expect(at(noon + 2 * hour, noon)).toBe('expired');
  });
});

describe('the code on a phone', () => {
  const answer = (presented: Presented, part: Partial<Question> = {}) => {
    const decision = decide(ask(presented, part));
    return decision.open || decision.reason;
  };

  it('is good in its half minute and the two beside it', () => {
    expect([-2, -1, 0, 1, 2].map((off) => answer(phoneOf(step + off, 1)))).toEqual([
      'stale-qr',
      true,
      true,
      true,
      'stale-qr',
    ]);
  });

  it('opens once: the next one has to have a higher counter', () => {
    expect([4, 5, 6].map((counter) => answer(phoneOf(step, counter), { counterOf: () => 5 }))).toEqual([
      'replayed-qr',
      'replayed-qr',
      true,
    ]);
  });

  it('is not taken when an earlier run of the program may have taken it', () => {
    expect(answer(phoneOf(step, 9), { phoneStepMin: step + 1 })).toBe('stale-qr');
    expect(answer(phoneOf(step + 1, 9), { phoneStepMin: step + 1 })).toBe(true);
  });

  it('of a phone that was taken off the list opens nothing', () => {
    expect(answer(phoneOf(step, 1, { ...anna, denied: true }))).toBe('revoked');
    expect(answer(phoneOf(step, 1, { ...anna, to: noon }))).toBe('expired');
  });
});
