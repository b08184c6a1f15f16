import { holdoutDraw } from '@gatecast/firmware-protocol/node';
import { describe, expect, it } from 'vitest';
import { after, instant, minutes } from '@gatecast/firmware-protocol';
import { choose, giveBack, type Situation } from './choose.ts';
import { forgetOthers, forgetPast } from './frequency-cap.ts';
import { createPlanMemory } from './plan-memory.ts';
import { emptyPlanState, type PlanState } from './plan-state.ts';
import { cell, clips, entrance, entry, morning, neighbourhoodPlan } from './plan.fixture.ts';
import { memoryInMemory, silentLog } from './player.fixture.ts';

const lineItem = 'boo_00000000000000000000';
const goal = { lineItem, upTo: 2, known: 0, until: after(morning, minutes(15)), holdout: null };
const sold = (change = {}) => entry({ consent: true, people: { ...goal, ...change } });
const situation = (one: ReturnType<typeof entry>, change: Partial<Situation> = {}): Situation => ({
  plan: neighbourhoodPlan([cell([one])]),
  cached: new Set(Object.values(clips)),
  entrance,
  event: 'opening',
  unbillable: null,
  pseudonym: 'first',
  shownBefore: [],
  now: morning,
  decision: 'dec_1',
  ...change,
});

/** What each of these people is shown, one after another. */
function shownTo(one: ReturnType<typeof entry>, people: readonly (string | null)[], from: PlanState = emptyPlanState) {
  let state = from;
  const shown = people.map((pseudonym, n) => {
    const turn = choose(state, situation(one, { pseudonym, decision: `dec_${pseudonym}_${n}` }));
    state = turn.state;
    return turn.choice?.campaign === one.campaign;
  });
  return { shown, state };
}

describe('a line item that stops at two people', () => {
  it('is shown to each of them once, and to nobody after them', () => {
    const one = sold();
    expect(shownTo(one, [null, 'first', 'first', null, 'second', 'third', 'second']).shown).toEqual([
      false,
      true,
      false,
      false,
      true,
      false,
      false,
    ]);
  });

  it('goes on when the cloud has more for this terminal, and not again with those whom it knows', () => {
    const { state } = shownTo(sold(), ['first', 'second', 'third']);
    expect(shownTo(sold({ upTo: 3, known: 2 }), ['first', 'third', 'fourth'], state).shown).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('is shown to each person by one of several screens alone, whichever they pass', () => {
    const screens = ['term_00000000000000000001', 'term_00000000000000000002', 'term_00000000000000000003'];
    const among = (own: string) => ({ key: 'key', own, others: screens.filter((one) => one !== own) });
    const people = Array.from({ length: 60 }, (_, n) => `person ${n}`);
    const byScreen = screens.map((own) => {
      const one = sold({ upTo: 100, among: among(own) });
      return people.filter((pseudonym) => {
        const shown = choose(emptyPlanState, situation(one, { pseudonym, draw: holdoutDraw })).choice?.campaign;
        return shown === one.campaign;
      });
    });
    expect(byScreen.flat().toSorted()).toEqual(people.toSorted());
    expect(byScreen.every((own) => own.length > 5)).toBe(true);
    const undrawn = choose(emptyPlanState, situation(sold({ among: among(screens[0] ?? '') })));
    expect(undrawn.choice?.campaign).toBeNull();
  });

  it('gives a place back that nobody saw', () => {
    const one = sold({ upTo: 1 });
    const { state } = shownTo(one, ['first']);
    expect(shownTo(one, ['second'], state).shown).toEqual([false]);
    expect(shownTo(one, ['second'], giveBack(state, 'dec_first_0')).shown).toEqual([true]);
  });

  it('counts what the cloud knows where the terminal lost its memory', () => {
    expect(shownTo(sold({ known: 1 }), ['first', 'second', 'third']).shown).toEqual([true, false, false]);
    expect(shownTo(sold({ known: 2 }), ['first']).shown).toEqual([false]);
  });

  it('is over at its end, and then remembers nobody', () => {
    const one = sold();
    const { state } = shownTo(one, ['first']);
    const late = situation(one, { pseudonym: 'second', now: goal.until });
    expect(choose(state, late).choice?.campaign).toBeNull();
    expect(forgetPast(state, instant(goal.until - 1))).toBe(state);
    expect(forgetPast(state, goal.until).reached).toEqual({});
  });

  it('forgets at once who opted out, yet still counts them', () => {
    const one = sold();
    const { state } = shownTo(one, ['first']);
    const without = forgetOthers(state, new Set(['second']));
    expect(JSON.stringify(without.reached)).not.toContain('first"');
    expect(shownTo(one, ['second', 'third'], without).shown).toEqual([true, false]);
  });

  it('still knows them after a restart', async () => {
    const disk = memoryInMemory();
    const memory = createPlanMemory(disk, silentLog);
    const one = sold();
    memory.keep(shownTo(one, ['first']).state);
    await memory.settle();
    expect(shownTo(one, ['first', 'second', 'third'], createPlanMemory(disk, silentLog).state).shown).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe('who is held out of it', () => {
  const one = sold({ holdout: { key: 'key', ppm: 100_000 } });
  const seenBy = (draw?: Situation['draw']) => choose(emptyPlanState, situation(one, { draw })).choice?.campaign;

  it('is whoever the draw puts below the part that is held out, and everybody where nothing can be drawn', () => {
    expect(seenBy(() => 99_999)).toBeNull();
    expect(seenBy(() => 100_000)).toBe(one.campaign);
    expect(seenBy()).toBeNull();
  });
});

describe('a campaign on a day on which it is held out', () => {
  const held = entry({ sharePpm: 500_000, remaining: 3, heldOut: true });
  const other = entry({ sharePpm: 500_000, clip: clips.fruit, remaining: 100 });
  const asked = (plan: Situation['plan'], n: number): Situation =>
    situation(other, { plan, pseudonym: null, decision: `dec_${n}` });
  const run = (entries: Parameters<typeof cell>[0]) => {
    let state = emptyPlanState;
    return Array.from({ length: 40 }, (_, n) => {
      const turn = choose(state, asked(neighbourhoodPlan([cell(entries)]), n));
      state = turn.state;
      return turn.choice;
    });
  };

  it('takes the turns that it would have taken, with house clips, and leaves the others theirs', () => {
    const without = run([held, other]);
    const { heldOut: _held, ...open } = held;
    const asEver = run([open, other]);
    expect(without.filter((choice) => choice?.insteadOf === held.campaign)).toHaveLength(3);
    expect(asEver.filter((choice) => choice?.campaign === held.campaign)).toHaveLength(3);
    const turnsOf = (shown: typeof without) => shown.map((choice) => choice?.campaign === other.campaign);
    expect(turnsOf(without)).toEqual(turnsOf(asEver));
  });
});
