import type { DoorState } from '@gatecast/firmware-protocol/messages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deadline, graceMs, step, unknownDoor, type DoorEvent, type DoorFacts, type DoorView } from './door-machine.ts';

const heldOpenMs = 30_000;
const now = 1_000_000;
const at = (mono: number) => ({ mono, heldOpenMs });

const quiet: DoorFacts = { ...unknownDoor.facts, lost: false };
const facts: Readonly<Record<DoorState, DoorFacts>> = {
  closed: quiet,
  released: { ...quiet, releasedUntil: now + 3_000, expectedUntil: now + 3_000 + graceMs },
  open: { ...quiet, isOpen: true, heldAt: now + 20_000 },
  'held-open': { ...quiet, isOpen: true, heldAt: Number.POSITIVE_INFINITY },
  forced: { ...quiet, isOpen: true, heldAt: now + 20_000 },
  'fire-released': { ...quiet, fire: true },
  fault: { ...quiet, lost: true },
};
const doorIn = (state: DoorState): DoorView => ({ state, facts: facts[state] });

const { releasedUntil, expectedUntil, longerMs } = quiet;
const neverReleased = { releasedUntil, expectedUntil, longerMs };
const passage = { until: now + 3_000, longerMs: 0 };
const events = {
  release: { type: 'release', ...passage },
  exit: { type: 'exit', ...passage },
  free: { type: 'passage-on' },
  unfree: { type: 'passage-off' },
  over: { type: 'release-over' },
  held: { type: 'held-timeout' },
  opened: { type: 'leaf-opened' },
  found: { type: 'leaf-found-open' },
  shut: { type: 'leaf-closed' },
  fire: { type: 'fire-on' },
  unfire: { type: 'fire-off' },
  fault: { type: 'fault-on', fault: 'lost' },
  refused: { type: 'refusal', until: now + 3_000, before: neverReleased },
  unfault: { type: 'fault-off', fault: 'lost' },
} satisfies Record<string, DoorEvent>;
const eventNamed = (name: string): DoorEvent | undefined => new Map(Object.entries(events)).get(name);

/** Where each state goes with each event, written down apart from the table; `.` stays. */
const expected = `
               release  exit     free     unfree over   held      opened found shut   fire fault unfault unfire   refused
closed         released released released .      .      .         forced open  .      F    X     .       .        .
released       .        .        .        .      .      .         open   open  .      F    X     .       .        closed
open           .        .        .        .      .      held-open .      .     closed F    X     .       .        .
held-open      .        .        open     .      .      .         .      .     closed F    .     .       .        .
forced         .        .        open     .      .      .         .      .     closed F    .     .       .        .
fire-released  .        .        .        .      .      .         .      .     .      .    .     .       closed   .
fault          .        .        .        .      .      held-open forced .     .      F    .     closed  .        .
`;
const states: Readonly<Record<string, DoorState>> = { F: 'fire-released', X: 'fault' };
const [head = [], ...rows] = expected
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const pairs = rows.flatMap(([from = '', ...targets]) =>
  targets.map((to, n) => [from, head[n] ?? '', to === '.' ? from : (states[to] ?? to)] as const),
);

/** What may happen to a door in any order, and how much time goes by before it. */
const happening = fc.tuple(
  fc.oneof(
    fc.constantFrom<DoorEvent>(...Object.values(events).filter(({ type }) => type !== 'release' && type !== 'exit')),
    fc.constant<DoorEvent>({ type: 'fault-on', fault: 'wire' }),
    fc.constant<DoorEvent>({ type: 'fault-off', fault: 'wire' }),
    fc.record({
      type: fc.constantFrom('release' as const, 'exit' as const),
      pulseMs: fc.integer({ min: 500, max: 30_000 }),
      longerMs: fc.integer({ min: 0, max: 20_000 }),
    }),
  ),
  fc.integer({ min: 0, max: 40_000 }),
);

/** Runs a history, its own deadlines included, and tells each step. */
function live(
  history: readonly (readonly [DoorEvent | { type: 'release' | 'exit'; pulseMs: number; longerMs: number }, number])[],
  see: (event: DoorEvent, result: ReturnType<typeof step>, mono: number, before: DoorView) => void,
): DoorView {
  let [door, mono] = [unknownDoor, now];
  const happen = (event: DoorEvent) => {
    const before = door;
    const result = step(door, event, at(mono));
    door = result.door;
    see(event, result, mono, before);
  };
  for (const [what, afterMs] of history) {
    const until = mono + afterMs;
    for (let due = deadline(door); due && due.at <= until; due = deadline(door)) {
      mono = Math.max(mono, due.at);
      happen({ type: due.type });
    }
    mono = until;
    happen('pulseMs' in what ? { type: what.type, until: mono + what.pulseMs, longerMs: what.longerMs } : what);
  }
  return door;
}

describe('the state of a door', () => {
  it('has a rule for every state and every event', () => {
    expect(pairs).toHaveLength(Object.keys(facts).length * Object.keys(events).length);
  });

  it.each(pairs)('%s × %s → %s', (from, name, to) => {
    const event = eventNamed(name);
    if (!event) throw new Error(`no event ${name}`);
    expect(step(doorIn(from as DoorState), event, at(now)).door.state).toBe(to);
  });

  it('is a fault until the hardware answers, and a leaf that is found open was not forced', () => {
    const found = step(unknownDoor, events.found, at(now));
    expect(found.alarms).toEqual([]);
    expect(step(found.door, { type: 'fault-off', fault: 'lost' }, at(now)).door.state).toBe('open');
  });

  it('ends the release when the pulse ends, and gives slow people a moment more', () => {
    const released = step(doorIn('closed'), events.release, at(now)).door;
    expect(deadline(released)).toEqual({ at: now + 3_000, type: 'release-over' });
    const over = step(released, { type: 'release-over' }, at(now + 3_000)).door;
    expect(over.state).toBe('closed');
    expect(step(over, { type: 'leaf-opened' }, at(now + 3_000 + graceMs)).door.state).toBe('open');
    expect(step(over, { type: 'leaf-opened' }, at(now + 3_001 + graceMs)).door.state).toBe('forced');
  });

  it('gives whoever needs a longer time also longer to pass, and the next person the usual', () => {
    const slow = step(doorIn('closed'), { type: 'release', until: now + 9_000, longerMs: 6_000 }, at(now)).door;
    const open = step(slow, { type: 'leaf-opened' }, at(now + 1_000)).door;
    expect(deadline(open)).toEqual({ at: now + 1_000 + heldOpenMs + 6_000, type: 'held-timeout' });
    const shut = step(open, { type: 'leaf-closed' }, at(now + 8_000)).door;
    const next = step(shut, { type: 'leaf-opened' }, at(now + 8_500)).door;
    expect(deadline(next)).toEqual({ at: now + 8_500 + heldOpenMs, type: 'held-timeout' });
  });

  it('gives who comes in through an open leaf the whole time', () => {
    const { door } = step(doorIn('open'), events.release, at(now));
    expect(deadline(door)).toEqual({ at: now + heldOpenMs, type: 'held-timeout' });
  });

  it('does not time a leaf in free passage or while the hardware is silent', () => {
    expect(deadline(step(doorIn('open'), { type: 'passage-on' }, at(now)).door)).toBeUndefined();
    const lost = step(doorIn('open'), { type: 'fault-on', fault: 'lost' }, at(now)).door;
    expect(deadline(lost)).toBeUndefined();
    const back = step(lost, { type: 'fault-off', fault: 'lost' }, at(now + 60_000)).door;
    expect(deadline(back)).toEqual({ at: now + 60_000 + heldOpenMs, type: 'held-timeout' });
  });

  it('fire always wins: nothing but its end is the end of it', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (history) => {
        let burns = false;
        live(history, (event, { door }) => {
          if (event.type === 'fire-on') burns = true;
          if (event.type === 'fire-off') burns = false;
          expect(door.state === 'fire-released').toBe(burns);
        });
      }),
    );
  });

  it('is forced only where nobody was let in, nobody went out, nothing burns and passage is not free', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (history) => {
        let [expectedUntil, burns, isFree] = [0, false, false];
        live(history, (event, { alarms }, mono) => {
          const excused = burns || isFree || mono <= expectedUntil;
          if (alarms.some(({ alarm, active }) => alarm === 'forced' && active)) expect(excused).toBe(false);
          if ('until' in event) expectedUntil = Math.max(expectedUntil, event.until + graceMs);
          if (event.type === 'fire-on' || event.type === 'fire-off') burns = event.type === 'fire-on';
          if (event.type === 'passage-on' || event.type === 'passage-off') isFree = event.type === 'passage-on';
        });
      }),
    );
  });

  it('tells of each alarm once, and once that it is over', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (history) => {
        const standing = new Set<string>();
        const last = live(history, (_event, { alarms }) => {
          for (const { alarm, active } of alarms) {
            expect(standing.has(alarm)).toBe(!active);
            if (active) standing.add(alarm);
            else standing.delete(alarm);
          }
        });
        const alarm = last.state === 'forced' || last.state === 'held-open' ? [last.state] : [];
        expect([...standing]).toEqual(alarm);
      }),
    );
  });
});
