import { newId } from '@gatecast/firmware-protocol';
import {
  personClass,
  type AccessList,
  type AccessSchedule,
  type ClockQuality,
  type Credential,
} from '@gatecast/firmware-protocol/messages';
import { newKeyPair } from '@gatecast/firmware-protocol/node';
import {
  cardFromNumber,
  hourOf,
  passCodeNo,
  passHours,
  passPersons,
  type Card,
  type PassClaims,
  type PassWindow,
} from '@gatecast/firmware-protocol/pass';
import { packBits, wiegandBits } from '@gatecast/firmware-protocol/sim';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TerminalFixture, type Limits } from '../terminal.fixture.ts';
import { openAccess } from './access.ts';
import { decide } from './decide.ts';
import { packList } from './list-index.ts';
import { PassOffice, TestPhone } from './passes.fixture.ts';
import type { UseRecord } from './right.ts';

const runs = 3_000;
const hour = 3_600_000;
const sealing = newKeyPair('x25519');
const fixture = new TerminalFixture();
const office = new PassOffice();
const forger = new PassOffice();
const phones = [new TestPhone(), new TestPhone()];
const [gate, yard] = [newId('entrance'), newId('entrance')];

/** Few of everything, so that what is shown often is what somebody has. */
const units = ['1', '12', '012'];
const pins = ['739154', '624875'];
const typedCodes = ['48151623', '4815162342'];
const cards = [
  { hex: '78B26E', card: cardFromNumber('w26', '120,45678') as Card },
  { hex: '000001', card: cardFromNumber('w26', '0,1') as Card },
];
const passIds = [newId('credential'), newId('credential')];

/** Where and when clocks are set: summer time begins and ends at night, at midnight, by half an hour, or never. */
const places = [
  ['Asia/Shanghai', '2026-11-22T04:00Z'],
  ['Asia/Shanghai', '2026-12-31T15:59:59Z'],
  ['Europe/Berlin', '2026-03-29T00:30Z'],
  ['Europe/Berlin', '2026-10-25T00:30Z'],
  ['Asia/Beirut', '2026-03-28T22:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
] as const;
const passesAt = new Map(
  places.map(([, iso]) => [iso, office.keys(sealing.publicKey, [gate, yard], Date.parse(iso))] as const),
);

/** Mostly null, so that a right is often without that limit. */
const seldom = <T>(limit: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: limit });
const offMs = fc.oneof(
  fc.integer({ min: -30 * hour, max: 30 * hour }),
  fc.constantFrom(-hour, -1, 0, 1, hour),
  fc.integer({ min: -48, max: 48 }).map((halves) => (halves * hour) / 2),
);
const minute = fc.oneof(fc.nat({ max: 1_439 }), fc.constantFrom(0, 1, 60, 120, 150, 180, 1_439));
const scheduleOf: fc.Arbitrary<AccessSchedule> = fc.record({
  windows: fc.array(
    fc.record({
      days: fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 8 }),
      window: fc.record({ fromMinute: minute, toMinute: minute }),
      entrances: seldom(fc.subarray([gate, yard])),
    }),
    { maxLength: 4 },
  ),
});
const person = fc.constantFrom(...personClass.options);
/** Times are told as "so long after the middle of the world". */
const limits = fc.record({
  person,
  entrances: seldom(fc.subarray([gate, yard])),
  from: seldom(offMs),
  to: seldom(offMs),
  uses: seldom(fc.integer({ min: 1, max: 2 })),
  schedule: seldom(fc.nat({ max: 2 })),
  firstUse: seldom(fc.record({ by: fc.option(offMs), lastsMs: fc.option(fc.integer({ min: 1, max: 4 * hour })) })),
});
const holder = fc.oneof(
  fc.record({ kind: fc.constant('unit-pin' as const), unit: fc.constantFrom(...units), pin: fc.constantFrom(...pins) }),
  fc.record({ kind: fc.constant('code' as const), code: fc.constantFrom(...typedCodes), isPass: fc.boolean() }),
  fc.record({ kind: fc.constant('card' as const), card: fc.nat({ max: 1 }) }),
  fc.record({ kind: fc.constant('phone' as const), phone: fc.nat({ max: 1 }) }),
);
const passWindow = fc.record({
  hoursOff: fc.oneof(fc.integer({ min: -8, max: 1 }), fc.integer({ min: -200, max: 30 })),
  durationClass: fc.nat({ max: passHours.length - 1 }),
  index: fc.nat({ max: 3 }),
});
const theirs = fc.oneof(
  fc.record({
    kind: fc.constant('pin' as const),
    unit: fc.constantFrom(...units),
    pin: fc.constantFrom(...pins, '000000'),
  }),
  fc.record({ kind: fc.constant('code' as const), code: fc.constantFrom(...typedCodes, '90909090') }),
  fc.record({
    kind: fc.constant('pass-code' as const),
    isForged: fc.constantFrom(false, false, false, true),
    window: passWindow,
  }),
  fc.record({ kind: fc.constant('card' as const), card: fc.nat({ max: 1 }), isBroken: fc.boolean() }),
  fc.record({
    kind: fc.constant('pass' as const),
    isForged: fc.constantFrom(false, false, false, true),
    id: fc.nat({ max: 3 }),
    fromOff: offMs,
    lasts: fc.integer({ min: 1, max: 60 }),
    doors: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { minLength: 1 })),
    uses: fc.option(fc.integer({ min: 1, max: 2 })),
    person: fc.constantFrom(...passPersons),
  }),
  fc.record({
    kind: fc.constant('phone' as const),
    phone: fc.nat({ max: 1 }),
    of: fc.nat({ max: 5 }),
    stepsOff: fc.constantFrom(-3, -2, -1, 0, 0, 0, 1, 2),
  }),
);
const noise = fc.oneof(
  fc.record({ kind: fc.constant('digits' as const), code: fc.stringMatching(/^[0-9]{6,12}$/) }),
  fc.record({
    kind: fc.constant('text' as const),
    text: fc.oneof(
      fc.string(),
      fc.string().map((rest) => `GC1:${rest}`),
    ),
  }),
);
const shown = fc.oneof({ weight: 9, arbitrary: theirs }, { weight: 1, arbitrary: noise });
const world = fc.record({
  place: fc.constantFrom(...places),
  nowOff: offMs,
  clock: fc.constantFrom<ClockQuality[]>('synced', 'synced', 'holdover', 'unknown', 'turned-back'),
  schedules: fc.array(scheduleOf, { maxLength: 2 }),
  holidaysOff: fc.subarray([-1, 0, 1]),
  holders: fc.array(fc.tuple(holder, limits), { minLength: 6, maxLength: 12 }),
  denied: fc.subarray([0, 1, 2, 3], { maxLength: 2 }),
  deniedPasses: fc.subarray([0, 1], { maxLength: 1 }),
  hasPasses: fc.constantFrom(true, true, true, false),
  uses: fc.nat({ max: 2 }),
  firstUsedOff: fc.option(offMs),
  counter: fc.constantFrom(-1, -1, 1_000_000),
  isLocked: fc.constantFrom('none', 'none', 'none', 'none', 'none', 'units', 'reader', 'all'),
  isSlowed: fc.constantFrom(false, false, false, false, false, true),
  isLockedDown: fc.constantFrom(false, false, false, false, true),
  shown,
});
type World = typeof world extends fc.Arbitrary<infer W> ? W : never;
type Shown = World['shown'];
type DrawnWindow = Extract<Shown, { kind: 'pass-code' }>['window'];

/** The list of a world, with what only the test knows: whose secret is whose. */
function build(w: World) {
  const [zone, iso] = w.place;
  const middle = Date.parse(iso);
  const now = middle + w.nowOff;
  const at = (off: number | null) => (off === null ? null : middle + off);
  const holders = w.holders.map(([how, { from, to, firstUse, ...rest }]) => {
    const limits = {
      ...rest,
      from: at(from),
      to: at(to),
      firstUse: firstUse && { by: at(firstUse.by), lastsMs: firstUse.lastsMs },
    } as Limits;
    return { how, credential: credentialOf(how, limits) };
  });
  // A pass may be on the list too, as a code.
  holders
    .filter(({ how }) => how.kind === 'code' && how.isPass)
    .slice(0, 1)
    .forEach(({ credential }) => Object.assign(credential, { id: passIds[0] }));
  const credentials = holders.map(({ credential }) => credential);
  const deny = [
    ...w.denied.flatMap((n) => credentials[n]?.id ?? []),
    ...w.deniedPasses.flatMap((n) => passIds[n] ?? []),
  ];
  const codeWindow = w.shown.kind === 'pass-code' ? windowOf(w.shown.window, now) : undefined;
  const denyCodes = codeWindow && w.denied.includes(0) ? [passCodeNo(codeWindow)] : [];
  const passes = w.hasPasses ? { ...passesAt.get(iso), denyCodes } : null;
  const holidays = w.holidaysOff.map((days) => calendar(now, zone, days).date);
  const list = fixture.list(sealing.publicKey, credentials, {
    zone,
    schedules: w.schedules,
    holidays,
    passes: passes as AccessList['passes'],
    deny,
  });
  return { now, zone, list, holders, codeWindow, denyCodes };
}
type Built = ReturnType<typeof build>;

function credentialOf(how: World['holders'][number][0], limits: Limits): Credential {
  switch (how.kind) {
    case 'unit-pin':
      return fixture.unitPin(how.unit, how.pin, limits);
    case 'code':
      return fixture.code(how.code, limits);
    case 'card':
      return fixture.card(cards[how.card]?.card ?? { text: '' }, limits);
    case 'phone':
      return fixture.phone(phones[how.phone] ?? new TestPhone(), limits);
  }
}

const windowOf = ({ hoursOff, durationClass, index }: DrawnWindow, now: number): PassWindow => ({
  startHour: hourOf(now) + hoursOff,
  durationClass,
  index,
});

const claimsOf = (pass: Extract<Shown, { kind: 'pass' }>, now: number): PassClaims => {
  const from = Math.ceil((now + pass.fromOff) / 1_000) * 1_000;
  const { doors, uses, person } = pass;
  return {
    id: passIds[pass.id] ?? strangers[pass.id - 2] ?? '',
    from,
    to: from + pass.lasts * hour,
    doors,
    uses,
    person,
    codeNo: null,
  };
};
const strangers = [newId('credential'), newId('credential')];

/** The credential that a phone says it is, and the half minute that it shows. */
const phoneShows = ({ of, stepsOff }: Extract<Shown, { kind: 'phone' }>, { holders, now }: Built) => ({
  id: holders.filter(({ how }) => how.kind === 'phone' || of > 3)[of]?.credential.id ?? strangers[0] ?? '',
  at: now + stepsOff * 30_000,
});

function ask(w: World, built: Built) {
  const { now, list } = built;
  const view = openAccess(1, packList(list), sealing);
  const present = () => {
    const s = w.shown;
    switch (s.kind) {
      case 'pin':
        return view.typed({ kind: 'unit-pin', unit: s.unit, pin: s.pin }, now);
      case 'code':
      case 'digits':
        return view.typed({ kind: 'code', code: s.code }, now);
      case 'pass-code':
        return view.typed({ kind: 'code', code: (s.isForged ? forger : office).code(windowOf(s.window, now)) }, now);
      case 'card': {
        const bits = wiegandBits(cards[s.card]?.hex ?? '', 'wiegand26') ?? '';
        return view.card(26, packBits(s.isBroken ? bits.replace(/^./, (bit) => (bit === '0' ? '1' : '0')) : bits));
      }
      case 'pass':
        return view.qr((s.isForged ? forger : office).signed(claimsOf(s, now)));
      case 'phone': {
        const { id, at } = phoneShows(s, built);
        return view.qr(phones[s.phone]?.code(id, at) ?? '');
      }
      case 'text':
        return view.qr(s.text);
    }
  };
  const used: UseRecord = { uses: w.uses, firstUsedAt: w.firstUsedOff === null ? null : now + w.firstUsedOff };
  return decide({
    hours: view.hours,
    presented: present(),
    entrance: gate,
    readerLane: 'reader',
    now,
    clock: w.clock,
    usesOf: () => used,
    counterOf: () => w.counter,
    phoneStepMin: 0,
    isLocked: (lane) =>
      w.isLocked === 'all' || ((w.isLocked === 'reader') === (lane === 'reader') && w.isLocked !== 'none'),
    isSlowed: w.isSlowed,
    isLockedDown: w.isLockedDown,
  });
}

/** The oracle: whether somebody who shows this may come in, said from the list's own words and from what the test knows in the clear. */
function mayEnter(w: World, built: Built): boolean {
  if (isKeptWaiting(w, built)) return false;
  return named(w, built).some((right) => passes(w, built, right));
}

/** What is said of a right in the list or on the pass itself. */
type Words = Pick<Credential, 'id' | 'person' | 'entrances' | 'uses' | 'schedule' | 'firstUse'> & {
  readonly from: number | null;
  readonly to: number | null;
  readonly needsClock?: boolean;
  readonly isTakenBack?: boolean;
};

function isKeptWaiting(w: World, { list }: Built): boolean {
  const { shown: s, isLocked } = w;
  const isTyped = s.kind === 'pin' || s.kind === 'code' || s.kind === 'digits' || s.kind === 'pass-code';
  if (!isTyped) return false;
  const isUnit = s.kind === 'pin' && list.credentials.some((c) => c.kind === 'unit-pin' && c.unit === s.unit);
  return w.isSlowed || isLocked === 'all' || isLocked === (isUnit ? 'units' : 'reader');
}

function named(w: World, { holders, list, now, codeWindow, denyCodes }: Built): Words[] {
  const s = w.shown;
  const those = (is: (how: World['holders'][number][0], credential: Credential) => boolean): Words[] =>
    holders.filter(({ how, credential }) => is(how, credential)).map(({ credential }) => credential);
  const free = { person: 'visitor', entrances: null, schedule: null, firstUse: null } as const;
  switch (s.kind) {
    case 'pin':
      return those((how) => how.kind === 'unit-pin' && how.unit === s.unit && how.pin === s.pin);
    case 'code':
    case 'digits':
      return those((how) => how.kind === 'code' && how.code === s.code);
    case 'card':
      return s.isBroken ? [] : those((how) => how.kind === 'card' && how.card === s.card);
    case 'pass-code': {
      if (!list.passes || s.isForged || !codeWindow) return [];
      const from = codeWindow.startHour * hour;
      const to = from + (passHours[codeWindow.durationClass] ?? 0) * hour;
      const isTakenBack = denyCodes.length > 0;
      return [{ ...free, id: 'a code', from, to, uses: codeWindow.index > 1 ? 1 : null, isTakenBack }];
    }
    case 'pass': {
      if (!list.passes || s.isForged) return [];
      const claims = claimsOf(s, now);
      const listed = those((_how, { id }) => id === claims.id);
      const entrances = claims.doors && (claims.doors.includes(1) ? [gate] : []);
      return listed.length > 0 ? listed : [{ ...free, ...claims, entrances }];
    }
    case 'phone': {
      const half = (at: number) => Math.floor(at / 30_000);
      const { id, at } = phoneShows(s, { holders, now } as Built);
      const isFresh = Math.abs(half(at) - half(now)) <= 1 && w.counter < 1_000_000;
      if (!isFresh) return [];
      return those((how, c) => c.id === id && how.kind === 'phone' && how.phone === s.phone).map((c) => ({
        ...c,
        needsClock: true,
      }));
    }
    case 'text':
      return [];
  }
}

function passes(w: World, { now, zone, list }: Built, right: Words): boolean {
  const used = w.firstUsedOff === null ? null : now + w.firstUsedOff;
  const { from, to, schedule, firstUse, uses, entrances } = right;
  const first = firstUse && (firstUse.by !== null || firstUse.lastsMs !== null) ? firstUse : null;
  const needsClock = right.needsClock === true || [from, to, schedule, first].some((limit) => limit !== null);
  return [
    !list.deny.includes(right.id) && right.isTakenBack !== true,
    !w.isLockedDown || right.person === 'emergency',
    entrances === null || entrances.includes(gate),
    !needsClock || w.clock === 'synced' || w.clock === 'holdover',
    from === null || from <= now,
    to === null || now < to,
    schedule === null || isOn(list.schedules[schedule], now, zone, list.holidays),
    first === null || used !== null || first.by === null || now < first.by,
    first === null || used === null || first.lastsMs === null || now < used + first.lastsMs,
    uses === null || w.uses < uses,
  ].every(Boolean);
}

/** A window as minutes since the midnight of the day that it begins on, which is today or yesterday. */
function isOn(schedule: AccessSchedule | undefined, now: number, zone: string, holidays: readonly string[]): boolean {
  const { minutes } = calendar(now, zone, 0);
  return (schedule?.windows ?? []).some(({ days, window: { fromMinute, toMinute }, entrances }) => {
    const end = toMinute < fromMinute ? toMinute + 1_440 : toMinute;
    const isHere = entrances === null || entrances.includes(gate);
    return [0, 1].some((daysAgo) => {
      const { date, day } = calendar(now, zone, -daysAgo);
      const since = minutes + daysAgo * 1_440;
      return isHere && since >= fromMinute && since < end && days.includes(holidays.includes(date) ? 8 : day);
    });
  });
}

/** What the wall shows, and the date and ISO weekday so many days later. */
function calendar(now: number, zone: string, days: number): { date: string; day: number; minutes: number } {
  const [date = '', time = ''] = new Date(now).toLocaleString('sv-SE', { timeZone: zone }).split(' ');
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const there = new Date(Date.parse(date) + days * 24 * hour);
  return { date: there.toISOString().slice(0, 10), day: there.getUTCDay() || 7, minutes: hours * 60 + minutes };
}

describe('whatever the list, the clock and the thing that is shown', () => {
  it('the door opens for who has a right, and for nobody else', () => {
    let opened = 0;
    const kinds = new Set<string>();
    fc.assert(
      fc.property(world, (w) => {
        const built = build(w);
        const { open } = ask(w, built);
        expect(open).toBe(mayEnter(w, built));
        if (open) kinds.add(w.shown.kind);
        opened += open ? 1 : 0;
      }),
      { numRuns: runs },
    );
    // Otherwise it would say nothing.
    expect(kinds).toEqual(new Set(['pin', 'code', 'card', 'pass-code', 'pass', 'phone']));
    expect(opened).toBeGreaterThan(runs / 20);
  });
});
