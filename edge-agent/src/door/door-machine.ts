import type { DoorAlarm, DoorState } from '@gatecast/firmware-protocol/messages';

/** Whom or what the hardware has let pass until `until` (monotonic ms), and how much longer than usual the leaf may then stay open. */
interface Passage {
  readonly until: number;
  readonly longerMs: number;
}

/** What can happen to a door. `found`: the leaf was seen open when the hardware came up, nobody saw it move. */
export type DoorEvent =
  | ({ readonly type: 'release' | 'exit' } & Passage)
  /** The hardware has not taken the order of the release until `until`: what held `before` holds again. */
  | { readonly type: 'refusal'; readonly until: number; readonly before: Released }
  | { readonly type: 'passage-on' | 'passage-off' }
  | { readonly type: 'release-over' | 'held-timeout' }
  | { readonly type: 'leaf-opened' | 'leaf-found-open' | 'leaf-closed' }
  | { readonly type: 'fire-on' | 'fire-off' }
  /** `lost`: the hardware does not answer; `wire`: a supervised wire is cut, or the lock does not follow. */
  | { readonly type: 'fault-on' | 'fault-off'; readonly fault: 'lost' | 'wire' };

/** What is known of a door besides its state. Monotonic times in ms. */
export interface DoorFacts {
  readonly isOpen: boolean;
  /** The lock is released until then. */
  readonly releasedUntil: number;
  /** Until then a leaf that opens is no surprise. */
  readonly expectedUntil: number;
  /** How much longer than usual whoever was let in last may take. */
  readonly longerMs: number;
  /** When an open leaf has been open for too long; null while that does not matter, Infinity once it was told. */
  readonly heldAt: number | null;
  readonly isFree: boolean;
  readonly fire: boolean;
  readonly lost: boolean;
  readonly wire: boolean;
}

/** What a release changes. */
type Released = Pick<DoorFacts, 'releasedUntil' | 'expectedUntil' | 'longerMs'>;

export interface DoorView {
  readonly state: DoorState;
  readonly facts: DoorFacts;
}

/** Before anything is known, its hardware is silent. */
export const unknownDoor: DoorView = {
  state: 'fault',
  facts: {
    isOpen: false,
    releasedUntil: Number.NEGATIVE_INFINITY,
    expectedUntil: Number.NEGATIVE_INFINITY,
    longerMs: 0,
    heldAt: null,
    isFree: false,
    fire: false,
    lost: true,
    wire: false,
  },
};

/** `settled`: where leaf, lock and wires say; `entered`: that, if somebody was let in, else `forced`. */
type Target = DoorState | 'settled' | 'entered';

/** Where a door goes. What is not listed changes the facts at most: nothing but the end of the fire leaves `fire-released`. */
const moves: Readonly<Record<DoorState, Partial<Readonly<Record<DoorEvent['type'], Target>>>>> = {
  closed: {
    release: 'released',
    exit: 'released',
    'passage-on': 'released',
    'leaf-opened': 'entered',
    'leaf-found-open': 'open',
    'fire-on': 'fire-released',
    'fault-on': 'fault',
  },
  released: {
    refusal: 'settled',
    'passage-off': 'settled',
    'release-over': 'settled',
    'leaf-opened': 'entered',
    'leaf-found-open': 'open',
    'fire-on': 'fire-released',
    'fault-on': 'fault',
  },
  open: {
    'leaf-closed': 'settled',
    'held-timeout': 'held-open',
    'fire-on': 'fire-released',
    'fault-on': 'fault',
  },
  // Alarms outlast a fault: whoever cuts a wire after forcing the door ends nothing.
  'held-open': { 'leaf-closed': 'settled', 'passage-on': 'settled', 'fire-on': 'fire-released' },
  forced: { 'leaf-closed': 'settled', 'passage-on': 'settled', 'fire-on': 'fire-released' },
  'fire-released': { 'fire-off': 'settled' },
  // … and a fault hides none.
  fault: {
    'fault-off': 'settled',
    'leaf-opened': 'entered',
    'held-timeout': 'held-open',
    'fire-on': 'fire-released',
  },
};

/** States that somebody must know of at once, for as long as they last. */
const alarmOf: Partial<Readonly<Record<DoorState, DoorAlarm>>> = { forced: 'forced', 'held-open': 'held-open' };

export interface AlarmChange {
  readonly alarm: DoorAlarm;
  readonly active: boolean;
}

/** How long after its release a door may start to move: people are slow. */
export const graceMs = 3_000;

/** When something happens, monotonic ms, and how long a leaf may stay open at this door. */
interface Moment {
  readonly mono: number;
  readonly heldOpenMs: number;
}

/** What follows from an event: the door after it, and the alarms that it begins and ends. */
export function step(
  door: DoorView,
  event: DoorEvent,
  moment: Moment,
): { readonly door: DoorView; readonly alarms: readonly AlarmChange[] } {
  const facts = timed(learn(door.facts, event, moment.mono), event, moment);
  const state = reach(moves[door.state][event.type] ?? door.state, facts, moment.mono);
  const [before, after] = [alarmOf[door.state], alarmOf[state]];
  if (before === after) return { door: { state, facts }, alarms: [] };
  const ended = before ? [{ alarm: before, active: false }] : [];
  const raised = after ? [{ alarm: after, active: true }] : [];
  return { door: { state, facts }, alarms: [...ended, ...raised] };
}

/** What will happen by itself if nothing else does. */
export function deadline({
  state,
  facts,
}: DoorView): { readonly at: number; readonly type: 'release-over' | 'held-timeout' } | undefined {
  if (state === 'released' && !facts.isFree) return { at: facts.releasedUntil, type: 'release-over' };
  const isTimed = facts.heldAt !== null && Number.isFinite(facts.heldAt);
  return isTimed ? { at: facts.heldAt, type: 'held-timeout' } : undefined;
}

function reach(target: Target, facts: DoorFacts, mono: number): DoorState {
  if (target === 'settled') return settled(facts, mono);
  if (target !== 'entered') return target;
  return isExpected({ facts }, mono) ? settled(facts, mono) : 'forced';
}

/** True if a leaf that opens now surprises nobody. */
export const isExpected = ({ facts }: Pick<DoorView, 'facts'>, mono: number): boolean =>
  facts.fire || facts.isFree || mono <= facts.expectedUntil;

function settled({ fire, lost, wire, isOpen, isFree, releasedUntil }: DoorFacts, mono: number): DoorState {
  if (fire) return 'fire-released';
  if (lost || wire) return 'fault';
  if (isOpen) return 'open';
  return isFree || mono < releasedUntil ? 'released' : 'closed';
}

function learn(facts: DoorFacts, event: DoorEvent, mono: number): DoorFacts {
  const stillExpected = { expectedUntil: Math.max(facts.expectedUntil, mono + graceMs) };
  switch (event.type) {
    case 'release':
    case 'exit':
      return {
        ...facts,
        releasedUntil: Math.max(facts.releasedUntil, event.until),
        expectedUntil: Math.max(facts.expectedUntil, event.until + graceMs),
        longerMs: Math.max(facts.longerMs, event.longerMs),
      };
    case 'refusal':
      return facts.releasedUntil === event.until ? withoutRelease(facts, event) : facts;
    case 'passage-on':
      return { ...facts, isFree: true };
    case 'passage-off':
      return { ...facts, isFree: false, ...stillExpected };
    case 'fire-on':
      return { ...facts, fire: true };
    case 'fire-off':
      return { ...facts, fire: false, ...stillExpected };
    case 'fault-on':
      return { ...facts, [event.fault]: true };
    case 'fault-off':
      return { ...facts, [event.fault]: false };
    case 'leaf-opened':
    case 'leaf-found-open':
      return { ...facts, isOpen: true };
    case 'leaf-closed':
      return { ...facts, isOpen: false, longerMs: 0 };
    case 'held-timeout':
      return { ...facts, heldAt: Number.POSITIVE_INFINITY };
    case 'release-over':
      return facts;
  }
}

/** Whatever else makes an opening expected since goes on. */
function withoutRelease(facts: DoorFacts, { until, before }: Extract<DoorEvent, { type: 'refusal' }>): DoorFacts {
  const isItsOwn = facts.expectedUntil === until + graceMs;
  return { ...facts, ...before, expectedUntil: isItsOwn ? before.expectedUntil : facts.expectedUntil };
}

/** An open leaf is timed while it should be shut and can be seen; whoever is let in through it gets the whole time. */
function timed(facts: DoorFacts, event: DoorEvent, { mono, heldOpenMs }: Moment): DoorFacts {
  const { isOpen, isFree, fire, lost, longerMs, heldAt } = facts;
  if (!isOpen || isFree || fire || lost) return { ...facts, heldAt: null };
  const whole = mono + heldOpenMs + longerMs;
  if (heldAt === null) return { ...facts, heldAt: whole };
  return event.type === 'release' || event.type === 'exit' ? { ...facts, heldAt: Math.max(heldAt, whole) } : facts;
}
