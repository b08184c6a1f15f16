import { after, days, halfHourOf, instant, milliseconds, newId, type InstantMs } from '@gatecast/firmware-protocol';
import { plan as planMessage, type Plan } from '@gatecast/firmware-protocol/messages';
import { holdoutDraw } from '@gatecast/firmware-protocol/node';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { goalsOf } from '../../cloud-api/src/campaigns/people-goals.ts';
import { makePlan } from '../../cloud-api/src/campaigns/plan.ts';
import { choose } from '../../edge-agent/src/player/choose.ts';
import { emptyPlanState, type PlanState } from '../../edge-agent/src/player/plan-state.ts';

const dayStart = instant(Date.parse('2026-11-22T16:00:00Z'));
const communityId = newId('community');
const campaign = newId('campaign');
const sha256 = 'a'.repeat(64);
const clip = {
  sha256,
  bytes: 1_000,
  durationMs: 6_000,
  width: 720,
  height: 1_280,
  title: '面馆',
  advertiser: '面馆',
  hasDeal: false,
  neededAt: dayStart,
  until: null,
  approvedAt: dayStart,
  poster: null,
};
const boughtPeople = 20;
const line = {
  id: newId('booking'),
  people: boughtPeople,
  placements: ['gate' as const],
  until: after(dayStart, days(7)),
};

interface Gate {
  readonly id: string;
  readonly entrance: string;
  plan: Plan;
  state: PlanState;
  /** Told to the cloud; what is not waits until the screen is back. */
  told: number;
  readonly reached: string[];
}

/** A community with some gates: plans as the cloud makes them, and screens that choose as the agent does. */
function community(gates: number, holdoutPpm: number) {
  const newGate = () => ({ id: newId('terminal'), entrance: newId('entrance') });
  const lot = Array.from({ length: gates }, newGate);
  /** Those that are there now: one that joins is not in the lot, one that is gone stays in it. */
  const names = [...lot];
  const screens = names.map(({ id }) => ({ id, placement: 'gate' as const }));
  const gone = new Set<string>();
  const keys = { holdout: holdoutPpm > 0 ? 'lot' : null, among: 'screens' };
  const planOf = (
    { id, entrance }: Pick<Gate, 'id' | 'entrance'>,
    told: readonly Pick<Gate, 'id' | 'told'>[],
    now: InstantMs,
  ) => {
    const reached = told.map((one) => ({ communityId, terminalId: one.id, people: one.told }));
    const here = {
      communityId,
      screens,
      day: 1,
      lot: lot.map(({ id: terminalId }) => ({ terminalId, gone: gone.has(terminalId) })),
    };
    const goalOf = goalsOf({ ...line, holdoutPpm }, [communityId], reached, here, keys);
    const slot = {
      campaign,
      campaignNo: 1,
      advertiser: 'noodles',
      trade: null,
      touches: boughtPeople,
      segment: 'all' as const,
    };
    const at = halfHourOf(now);
    return planMessage.parse(
      makePlan({
        zone: 'Asia/Shanghai',
        dayStart,
        from: at,
        audience: [],
        slots: [{ ...slot, at, placement: 'gate', sharePpm: null, cap: null, clip, people: goalOf(id) }],
        house: [],
        notices: [],
        terminal: { entrance, placement: 'gate' },
        terminals: gates,
        exact: new Set(),
        here: () => ({ part: 1 / gates, worthPpm: () => 0 }),
        spacingAt: () => ({ gapMs: milliseconds(0), expectedTouches: 0 }),
      }),
    );
  };
  const nobody = names.map(({ id }) => ({ id, told: 0 }));
  const all: Gate[] = names.map((name) => ({
    ...name,
    plan: planOf(name, nobody, dayStart),
    state: emptyPlanState,
    told: 0,
    reached: [],
  }));
  const publish = (gate: Gate, now: InstantMs) => void (gate.plan = planOf(gate, all, now));
  return {
    all,
    publish,
    /** A gate is built in the middle of it. */
    add(now: InstantMs) {
      const name = newGate();
      screens.push({ id: name.id, placement: 'gate' });
      all.push({ ...name, plan: planOf(name, all, now), state: emptyPlanState, told: 0, reached: [] });
    },
    /** A new machine has the place of one: it knows nobody whom that reached. */
    replace(gate: Gate, now: InstantMs) {
      gone.add(gate.id);
      gate.state = emptyPlanState;
      publish(gate, now);
    },
  };
}

const gatesMax = 6;
const walk = fc.record({
  gates: fc.integer({ min: 1, max: 4 }),
  pool: fc.integer({ min: 10, max: 120 }),
  holdoutPpm: fc.constantFrom(0, 200_000),
  steps: fc.array(
    fc.record({
      gate: fc.nat(),
      person: fc.nat(),
      optedIn: fc.boolean(),
      hears: fc.boolean(),
      happens: fc.oneof(
        { weight: 60, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.constantFrom('new-gate', 'new-machine') },
      ),
    }),
    { minLength: 50, maxLength: 600 },
  ),
});

it('reaches each of those who opted in once whichever gates they pass, nobody else, and stops at as many as were bought', () => {
  fc.assert(
    fc.property(walk, ({ gates, pool, holdoutPpm, steps }) => {
      const town = community(gates, holdoutPpm);
      const { all } = town;
      steps.forEach(({ gate: n, person, optedIn, hears, happens }, turn) => {
        const gate = all[n % all.length];
        if (!gate) return;
        const now = instant(dayStart + turn * 1_000);
        if (happens === 'new-gate' && all.length < gatesMax) town.add(now);
        if (happens === 'new-machine') town.replace(gate, now);
        const pseudonym = optedIn ? `person ${person % pool}` : null;
        const { entrance, plan, state } = gate;
        const found = choose(state, {
          plan,
          cached: new Set([sha256]),
          entrance,
          event: 'opening',
          unbillable: null,
          pseudonym,
          shownBefore: [],
          draw: holdoutDraw,
          now,
          decision: `dec_${turn}`,
        });
        gate.state = found.state;
        if (found.choice?.reached !== undefined) gate.reached.push(pseudonym ?? 'nobody');
        // A screen tells what it did and hears the newest plan, or is away.
        if (!hears) return;
        gate.told = gate.reached.length;
        town.publish(gate, now);
      });
      const reached = all.flatMap((gate) => gate.reached);
      expect(new Set(reached).size).toBe(reached.length);
      expect(reached).not.toContain('nobody');
      if (holdoutPpm > 0) for (const one of reached) expect(holdoutDraw('lot', one)).toBeGreaterThanOrEqual(holdoutPpm);
      if (all.length === 1) expect(reached.length).toBeLessThanOrEqual(boughtPeople);
    }),
    { numRuns: 60 },
  );
});

it('reaches as many as were bought where screens hear of each other, and not one more', () => {
  const { all, publish } = community(3, 0);
  for (let turn = 0; turn < 6_000; turn += 1) {
    const gate = all[turn % all.length];
    if (!gate) continue;
    const now = instant(dayStart + (turn % 1_800) * 1_000);
    const { entrance, plan, state } = gate;
    const pseudonym = `person ${turn % 97}`;
    const whoever = { entrance, event: 'opening' as const, unbillable: null, pseudonym, shownBefore: [], now };
    const found = choose(state, {
      plan,
      cached: new Set([sha256]),
      ...whoever,
      draw: holdoutDraw,
      decision: `dec_${turn}`,
    });
    gate.state = found.state;
    if (found.choice?.reached === undefined) continue;
    gate.reached.push(pseudonym);
    gate.told = gate.reached.length;
    for (const one of all) publish(one, now);
  }
  expect(all.flatMap(({ reached }) => reached)).toHaveLength(boughtPeople);
});
