import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { halfHourMs, instant, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import { unbillable, type Plan, type PlanEntry } from '@gatecast/firmware-protocol/messages';
import { ambientClip, choose, giveBack, type Choice, type Situation } from './choose.ts';
import { createPlanMemory } from './plan-memory.ts';
import { emptyPlanState, type PlanState } from './plan-state.ts';
import { at, cell, clips, entrance, entry, neighbourhoodPlan } from './plan.fixture.ts';
import { memoryInMemory, silentLog } from './player.fixture.ts';

const everything = new Set(Object.values(clips));
const begin = at('07:30');
const people = ['p1', 'p2', 'p3', 'p4', 'p5'];

let lineItems = 0;
const draw = (key: string, who: string): number => (key === 'key' && who === 'p3' ? 1 : 500_000);
const soldEntry = fc
  .record({
    clip: fc.constantFrom(clips.noodles, clips.fruit),
    sharePpm: fc.integer({ min: 1, max: 250_000 }),
    remaining: fc.integer({ min: 0, max: 30 }),
    separation: fc.option(
      fc
        .record({
          group: fc.constantFrom('noodles', 'fruit'),
          ms: fc.integer({ min: 0, max: minutes(3) }),
          advertiser: fc.option(fc.constantFrom('wang', 'li'), { nil: undefined }),
        })
        .map(({ advertiser, ...rest }) => ({ ...rest, ...(advertiser !== undefined && { advertiser }) })),
    ),
    consent: fc.boolean(),
    heldOut: fc.constantFrom(true, undefined, undefined),
    people: fc.option(
      fc.record({
        upTo: fc.integer({ min: 0, max: 3 }),
        known: fc.integer({ min: 0, max: 2 }),
        ppm: fc.constantFrom(0, 400_000),
      }),
      { nil: undefined },
    ),
    cap: fc.option(
      fc.record({ plays: fc.integer({ min: 1, max: 3 }), windowMs: fc.integer({ min: 1, max: minutes(20) }) }),
    ),
  })
  .map(({ people: goal, heldOut, ...change }): PlanEntry => {
    const { upTo = 0, known = 0, ppm = 0 } = goal ?? {};
    lineItems += 1;
    const until = instant(begin + minutes(20));
    const people = { lineItem: `boo_${lineItems}`, upTo, known, until, holdout: { key: 'key', ppm } };
    return entry({ ...change, ...(heldOut && { heldOut }), ...(goal && { people, consent: true }) });
  });
const soldPlan = fc
  .tuple(fc.array(soldEntry, { maxLength: 5 }), fc.array(soldEntry, { maxLength: 3 }), fc.integer({ min: 1, max: 30 }))
  .map(([all, families, minutesLong]): Plan =>
    neighbourhoodPlan([cell(all), cell(families, { segment: 'families' })], {
      validFrom: begin,
      validTo: instant(begin + minutes(minutesLong)),
    }),
  );

/** One opening, and how many clips the wait had time for. */
const visit = fc.record({
  afterMs: fc.integer({ min: 0, max: minutes(2) }),
  pseudonym: fc.option(fc.constantFrom(...people)),
  unbillable: fc.option(fc.constantFrom(...unbillable.options), { freq: 4 }),
  clips: fc.integer({ min: 1, max: 4 }),
  /** Which of the clips nobody could see. */
  unseen: fc.integer({ min: -1, max: 3 }),
});
const evening = fc.array(visit, { minLength: 1, maxLength: 60 });

interface Shown {
  readonly situation: Situation;
  readonly choice: Choice;
  readonly touch: number;
  readonly isSeen: boolean;
}

/** As after a restart: whatever the state is, it is only what was written. */
const restarted = (state: PlanState): PlanState => {
  const values = new Map<string, string>();
  const { sightings, reached, ...pacing } = state;
  values.set('player-state', JSON.stringify(pacing));
  values.set('player-sightings', JSON.stringify(sightings));
  values.set('player-reached', JSON.stringify(reached));
  return createPlanMemory(memoryInMemory(values), silentLog).state;
};

function live(
  plan: Plan,
  visits: readonly (typeof evening extends fc.Arbitrary<infer V> ? V : never)[number][],
  restarts: boolean,
) {
  let state = emptyPlanState;
  let now: InstantMs = begin;
  const shown: Shown[] = [];
  visits.forEach(({ afterMs, unseen, clips: count, ...who }, touch) => {
    now = instant(now + afterMs);
    const before: Choice[] = [];
    for (let n = 0; n < count; n += 1) {
      const decision = `dec_${touch}_${n}`;
      const situation = {
        plan,
        cached: everything,
        entrance,
        event: 'opening' as const,
        ...who,
        shownBefore: [...before],
        now,
        decision,
        draw,
      };
      const turn = choose(restarts ? restarted(state) : state, situation);
      state = n === unseen ? giveBack(turn.state, decision) : turn.state;
      if (!turn.choice) return;
      before.push(turn.choice);
      shown.push({ situation, choice: turn.choice, touch, isSeen: n !== unseen });
      now = instant(now + 6_000);
    }
  });
  return { shown, state };
}

const entryOf = (plan: Plan, { campaign }: Choice): PlanEntry | undefined =>
  plan.cells.flatMap((c) => c.entries).find((e) => e.campaign === campaign);

describe('whatever the plan and whoever comes', () => {
  const always = (check: (plan: Plan, shown: readonly Shown[]) => void) =>
    fc.assert(
      fc.property(soldPlan, evening, (plan, visits) => check(plan, live(plan, visits, false).shown)),
      { numRuns: 150 },
    );

  it('the same inputs give the same clips, also with a restart before each choice', () => {
    fc.assert(
      fc.property(soldPlan, evening, (plan, visits) => {
        const once = live(plan, visits, false);
        expect(live(plan, visits, false)).toEqual(once);
        expect(live(plan, visits, true)).toEqual(once);
      }),
      { numRuns: 60 },
    );
  });

  it('no campaign is given more than it is owed', () =>
    always((plan, shown) => {
      for (const e of plan.cells.flatMap((c) => c.entries)) {
        const given = shown.filter((s) => s.choice.campaign === e.campaign && s.isSeen);
        expect(given.reduce((sum, s) => sum + s.choice.milliTouches, 0)).toBeLessThanOrEqual(e.remaining * 1_000);
      }
    }));

  it('competitors keep their distance, repeats included', () =>
    always((plan, shown) => {
      const last = new Map<string, { readonly at: InstantMs; readonly by: string }>();
      for (const { choice, situation } of shown) {
        const sold = entryOf(plan, choice);
        if (!sold?.separation) continue;
        const { group, ms, advertiser: by = sold.campaign } = sold.separation;
        const before = last.get(group);
        const isRepeat = situation.unbillable === 'repeat';
        if (before && before.by !== by && !isRepeat) expect(situation.now - before.at).toBeGreaterThanOrEqual(ms);
        last.set(group, { at: situation.now, by });
      }
    }));

  it('nobody who opted in sees a capped campaign more often than its cap in any window', () =>
    always((plan, shown) => {
      for (const e of plan.cells.flatMap((c) => c.entries)) {
        for (const person of people) {
          const times = shown
            .filter((s) => s.choice.campaign === e.campaign && s.situation.pseudonym === person && s.isSeen)
            .map((s) => s.situation.now);
          const { cap } = e;
          if (!cap) continue;
          for (const from of times) {
            const inWindow = times.filter((t) => t >= from && t - from < cap.windowMs).length;
            expect(inWindow).toBeLessThanOrEqual(cap.plays);
          }
        }
      }
    }));

  it('what needs consent is shown to nobody without, not even as a repeat', () =>
    always((plan, shown) => {
      const without = shown.filter((s) => s.situation.pseudonym === null && entryOf(plan, s.choice)?.consent);
      expect(without).toEqual([]);
    }));

  it('what stops at so many people is shown to none but new ones who opted in, and never to one more', () =>
    always((plan, shown) => {
      for (const e of plan.cells.flatMap((c) => c.entries)) {
        const { people: goal } = e;
        if (!goal) continue;
        const plays = shown.filter((s) => s.choice.campaign === e.campaign);
        const seen = plays.filter((s) => s.isSeen).map((s) => s.situation.pseudonym);
        expect(seen).not.toContain(null);
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen.length).toBeLessThanOrEqual(Math.max(0, goal.upTo - goal.known));
        // Of five, the third is the one whom the draw holds out.
        if (goal.holdout?.ppm) expect(seen).not.toContain('p3');
        for (const s of plays) expect(s.choice.reached).toBe(goal.lineItem);
        for (const s of plays) expect(s.situation.now).toBeLessThan(goal.until);
      }
    }));

  it('a campaign that is held out is never on the screen, and what plays in its turn counts for nobody', () =>
    always((plan, shown) => {
      const held = new Set(plan.cells.flatMap((c) => c.entries).flatMap((e) => (e.heldOut ? [e.campaign] : [])));
      expect(shown.filter((s) => s.choice.campaign !== null && held.has(s.choice.campaign))).toEqual([]);
      for (const { choice } of shown.filter((s) => s.choice.insteadOf !== undefined)) {
        expect(choice).toMatchObject({ campaign: null, campaignNo: null, milliTouches: 0 });
        expect(plan.house.map(({ clip }) => clip)).toContain(choice.clip);
      }
    }));

  it('an opening that nobody pays for spends nothing, and a child sees what is for everybody', () =>
    always((_plan, shown) => {
      const unpaid = shown.filter((s) => s.situation.unbillable !== null);
      expect(unpaid.filter((s) => s.choice.milliTouches > 0)).toEqual([]);
      expect(unpaid.filter((s) => s.choice.campaign !== null && s.situation.unbillable !== 'repeat')).toEqual([]);
    }));

  it('after the plan has ended there are only house clips, not even a repeat of another', () =>
    always((plan, shown) => {
      const late = shown.filter((s) => s.situation.now >= plan.validTo);
      expect(late.filter((s) => s.choice.campaign !== null)).toEqual([]);
    }));

  it('one touch sees each campaign once, and no clip twice in a row while there is another', () =>
    always((plan, shown) => {
      shown.forEach((s, index) => {
        const { shownBefore } = s.situation;
        if (s.choice.campaign !== null) expect(shownBefore.map((b) => b.campaign)).not.toContain(s.choice.campaign);
        const previous = shown[index - 1];
        if (previous && shownBefore.length > 0 && s.choice.campaign === null)
          expect(s.choice.clip).not.toBe(previous.choice.clip);
      });
      expect(plan.house.length).toBeGreaterThan(1);
    }));
});

it('each campaign gets its part of the touches, give or take less than one, however long people wait', () => {
  const shares = fc.array(fc.integer({ min: 10_000, max: 190_000 }), { minLength: 1, maxLength: 5 });
  const waits = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(shares, waits, (sold, touches) => {
      const entries = sold.map((sharePpm) => entry({ sharePpm, remaining: 10_000 }));
      const plan = neighbourhoodPlan([cell(entries)]);
      const visits = touches.map((count) => ({
        afterMs: 0,
        pseudonym: null,
        unbillable: null,
        clips: count,
        unseen: -1,
      }));
      // A half-hour has room for so many only if they come fast.
      const { shown } = live(plan, visits.slice(0, halfHourMs / 18_000), false);
      const first = shown.filter((s) => s.situation.shownBefore.length === 0);
      for (const e of entries) {
        const got = first.filter((s) => s.choice.campaign === e.campaign).length;
        const due = (first.length * e.sharePpm) / 1_000_000;
        expect(Math.abs(got - due)).toBeLessThan(1.01);
      }
    }),
    { numRuns: 80 },
  );
});

it('what only some may be shown keeps its debt while the others come', () => {
  fc.assert(
    fc.property(fc.integer({ min: 20_000, max: 900_000 }), fc.integer({ min: 1, max: 9 }), (sharePpm, others) => {
      const forSome = entry({ sharePpm, remaining: 10_000, consent: true });
      const forAll = entry({ sharePpm: 50_000, remaining: 10_000 });
      const plan = neighbourhoodPlan([cell([forSome, forAll])]);
      const visits = Array.from({ length: 200 }, (_, n) => {
        const pseudonym = n % (others + 1) === 0 ? 'p1' : null;
        return { afterMs: 0, pseudonym, unbillable: null, clips: 1, unseen: -1 };
      });
      const { shown } = live(plan, visits, false);
      const theirs = shown.filter((s) => s.situation.pseudonym !== null);
      const got = theirs.filter((s) => s.choice.campaign === forSome.campaign).length;
      expect(Math.abs(got - (theirs.length * sharePpm) / 1_000_000)).toBeLessThan(2);
    }),
    { numRuns: 40 },
  );
});

it('a screen with nobody there shows each house clip in its turn, and goes on where it was after a restart', () => {
  const plan = neighbourhoodPlan();
  const turns = Array.from({ length: 15 }, (_, n) => ambientClip(plan, everything, instant(begin + n * minutes(2))));
  expect(turns[0]).toBe(clips.families);
  expect(new Set(turns)).toEqual(new Set([clips.families, clips.commuters, clips.anyone]));
  expect(turns.filter((clip) => clip === clips.families).length).toBeGreaterThan(7);
  expect(ambientClip(plan, everything, instant(begin + minutes(5)))).toBe(turns[2]);
});
