import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { after, instant, minutes, seconds } from '@gatecast/firmware-protocol';
import type { OwnGroup, Plan } from '@gatecast/firmware-protocol/messages';
import { ambientClip, choose, giveBack, type Choice, type Situation } from './choose.ts';
import { emptyPlanState, type PlanState } from './plan-state.ts';
import { at, cell, clips, entrance, entry, morning, neighbourhoodPlan } from './plan.fixture.ts';

const everything = new Set(Object.values(clips));
const atDoor = (plan: Plan, change: Partial<Situation> = {}): Situation => ({
  plan,
  cached: everything,
  entrance,
  event: 'opening',
  unbillable: null,
  pseudonym: null,
  shownBefore: [],
  now: morning,
  decision: 'dec_1',
  ...change,
});

/** As many openings as asked for, `gapMs` apart. */
function openings(plan: Plan, count: number, gapMs = 1_000, change: Partial<Situation> = {}) {
  let state = emptyPlanState;
  const choices: (Choice | undefined)[] = [];
  for (let n = 0; n < count; n += 1) {
    const turn = choose(state, atDoor(plan, { now: instant(morning + n * gapMs), decision: `dec_${n}`, ...change }));
    state = turn.state;
    choices.push(turn.choice);
  }
  return { choices, state };
}
const countOf = (choices: readonly (Choice | undefined)[], campaign: string | null) =>
  choices.filter((c) => c?.campaign === campaign).length;

describe('the clip for an opening', () => {
  it('suits who comes home at that hour: families at 07:40, commuters at 18:30, the late ones at 22:30', () => {
    const plan = neighbourhoodPlan();
    const first = (time: string) => choose(emptyPlanState, atDoor(plan, { now: at(time) })).choice?.clip;
    expect(['07:40', '18:30', '22:30'].map(first)).toEqual([clips.families, clips.commuters, clips.night]);
  });

  it('is a segment’s at the part of all touches that the plan says, each counting what the plan says', () => {
    const families = { segment: 'families' as const, worthPpm: 360_000 };
    const planned = entry({ touchSharePpm: 250_000, sharePpm: 1_000_000, remaining: 1_000 });
    const { choices } = openings(neighbourhoodPlan([cell([planned], families)]), 400);
    expect(countOf(choices, planned.campaign)).toBe(100);
    expect(choices.find((c) => c?.campaign === planned.campaign)?.milliTouches).toBe(360);
    // As an earlier cloud says it: of the segment's part of the audience, six in ten at that hour.
    const { touchSharePpm: _, ...asBefore } = { ...planned, sharePpm: 250_000 };
    const before = openings(neighbourhoodPlan([cell([asBefore], { segment: 'families' })]), 400).choices;
    expect(countOf(before, planned.campaign)).toBe(60);
    expect(before.find((c) => c?.campaign === planned.campaign)?.milliTouches).toBe(600);
  });

  it('is a whole touch of the group that somebody said they belong to, none of another, and a part of who said nothing', () => {
    const families = { segment: 'families', worthPpm: 360_000, exact: true } as const;
    const planned = entry({ touchSharePpm: 1_000_000, sharePpm: 1_000_000, remaining: 1_000 });
    const plan = neighbourhoodPlan([cell([planned], families)]);
    const choiceOf = (group: OwnGroup | null, of = plan) => choose(emptyPlanState, atDoor(of, { group })).choice;
    expect(choiceOf('families')).toMatchObject({ campaign: planned.campaign, milliTouches: 1_000 });
    expect(choiceOf(null)).toMatchObject({ campaign: planned.campaign, milliTouches: 360 });
    expect(choiceOf('elderly')).toMatchObject({ campaign: null, milliTouches: 0 });
    // Where fewer than ten said so, they are counted as everybody else.
    const few = neighbourhoodPlan([cell([planned], { segment: 'families', worthPpm: 360_000 })]);
    expect(choiceOf('families', few)).toMatchObject({ campaign: planned.campaign, milliTouches: 360 });
    // Whoever they are, they are somebody.
    const all = neighbourhoodPlan([cell([planned], { segment: 'all', exact: true })]);
    expect(choiceOf('elderly', all)).toMatchObject({ campaign: planned.campaign, milliTouches: 1_000 });
  });

  it('follows the hour also on one day, with one memory', () => {
    const plan = neighbourhoodPlan();
    let state = emptyPlanState;
    const seen = ['07:40', '18:30', '22:30'].map((time) => {
      const turn = choose(state, atDoor(plan, { now: at(time) }));
      state = turn.state;
      return turn.choice?.clip;
    });
    expect(seen).toEqual([clips.families, clips.commuters, clips.night]);
  });

  it('is that of a campaign with the whole half-hour until it is owed nothing more', () => {
    const sold = entry({ remaining: 3 });
    const { choices } = openings(neighbourhoodPlan([cell([sold])]), 5);
    expect(choices.map((c) => c?.campaign)).toEqual([sold.campaign, sold.campaign, sold.campaign, null, null]);
    expect(choices[0]).toEqual({
      clip: clips.noodles,
      campaign: sold.campaign,
      campaignNo: sold.campaignNo,
      milliTouches: 1_000,
    });
  });

  it('is the same for the same inputs', () => {
    const plan = neighbourhoodPlan([
      cell([entry({ sharePpm: 400_000 }), entry({ sharePpm: 350_000, clip: clips.fruit })]),
    ]);
    expect(openings(plan, 40)).toEqual(openings(plan, 40));
  });

  it('follows the shares within one, and never gives a campaign more than it is owed', () => {
    const share = fc.record({
      sharePpm: fc.integer({ min: 1, max: 200_000 }),
      remaining: fc.integer({ min: 0, max: 40 }),
    });
    fc.assert(
      fc.property(fc.array(share, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 150 }), (sold, count) => {
        const entries = sold.map((s) => entry(s));
        const { choices } = openings(neighbourhoodPlan([cell(entries)]), count);
        for (const e of entries) {
          const delivered = countOf(choices, e.campaign);
          expect(delivered).toBeLessThanOrEqual(e.remaining);
          if (e.remaining >= count) expect(delivered).toBeGreaterThan((count * e.sharePpm) / 1_000_000 - 1.01);
        }
      }),
    );
  });

  it('counts an expected fraction where a segment was sold, and the last play only what is still owed', () => {
    const sold = entry({ remaining: 1 });
    const { choices } = openings(neighbourhoodPlan([cell([sold], { segment: 'families' })]), 6);
    expect(choices.filter((c) => c?.campaign).map((c) => c?.milliTouches)).toEqual([600, 400]);
  });

  it('is a house clip outside the cell, after the plan has ended, and before it begins', () => {
    const sold = entry();
    const cells = [cell([sold])];
    const campaignAt = (plan: Plan, now = morning) => choose(emptyPlanState, atDoor(plan, { now })).choice?.campaign;
    expect(campaignAt(neighbourhoodPlan(cells), at('08:00'))).toBeNull();
    expect(campaignAt(neighbourhoodPlan(cells, { validTo: morning }))).toBeNull();
    expect(campaignAt(neighbourhoodPlan(cells, { validFrom: at('07:45') }))).toBeNull();
    expect(campaignAt(neighbourhoodPlan(cells))).toBe(sold.campaign);
  });

  it('is never one that is not on this terminal', () => {
    const plan = neighbourhoodPlan([cell([entry()])]);
    expect(choose(emptyPlanState, atDoor(plan, { cached: new Set([clips.anyone]) })).choice?.clip).toBe(clips.anyone);
    expect(choose(emptyPlanState, atDoor(plan, { cached: new Set() })).choice).toBeUndefined();
  });

  it('is never that of a competitor too soon', () => {
    const separation = { group: 'noodles', ms: minutes(1) };
    const one = entry({ sharePpm: 500_000, separation });
    const other = entry({ sharePpm: 500_000, separation, clip: clips.fruit });
    const { choices } = openings(neighbourhoodPlan([cell([one, other])]), 24, 10_000);
    const shown = choices.flatMap((c, index) =>
      c?.campaign ? [`${index} ${c.clip === clips.fruit ? 'b' : 'a'}`] : [],
    );
    expect(shown).toEqual(['0 a', '6 b', '12 a', '18 b']);
  });

  it('may be one of the same advertiser again, whatever its competitors', () => {
    const separation = { group: 'noodles', ms: minutes(1), advertiser: 'wang' };
    const one = entry({ sharePpm: 500_000, separation });
    const other = entry({ sharePpm: 500_000, separation, clip: clips.fruit });
    const { choices } = openings(neighbourhoodPlan([cell([one, other])]), 24, 10_000);
    expect([one, other].map(({ campaign }) => countOf(choices, campaign))).toEqual([12, 12]);
    const alone = openings(neighbourhoodPlan([cell([entry({ separation })])]), 24, 10_000);
    expect(countOf(alone.choices, null)).toBe(0);
  });

  it('comes from each competitor at a busy door, however small its share', () => {
    const shares = fc.array(fc.integer({ min: 50_000, max: 300_000 }), { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(shares, fc.integer({ min: 1_000, max: 30_000 }), (sold, gapMs) => {
        const separation = { group: 'noodles', ms: seconds(20) };
        const entries = sold.map((sharePpm) => entry({ sharePpm, separation }));
        const plan = neighbourhoodPlan([cell(entries)]);
        let state = emptyPlanState;
        const got = new Map<string | null, number>();
        for (let n = 0; n < 300; n += 1) {
          const now = instant(morning + n * gapMs);
          const turn = choose(state, atDoor(plan, { now, halfHour: at('07:30'), decision: `dec_${n}` }));
          state = turn.state;
          const campaign = turn.choice?.campaign ?? null;
          got.set(campaign, (got.get(campaign) ?? 0) + 1);
        }
        for (const { campaign } of entries) expect(got.get(campaign) ?? 0).toBeGreaterThan(3);
      }),
      { numRuns: 20 },
    );
  });

  it('needs no consent', () => {
    const plan = neighbourhoodPlan([cell([entry({ consent: true })])]);
    expect(choose(emptyPlanState, atDoor(plan)).choice?.campaign).toBeNull();
  });
});

describe('an opening that nobody pays for', () => {
  it('sees a house clip and takes nothing from the campaign', () => {
    const plan = neighbourhoodPlan([cell([entry({ remaining: 1 })])]);
    const staff = choose(emptyPlanState, atDoor(plan, { unbillable: 'staff' }));
    expect(staff.choice).toMatchObject({ campaign: null, milliTouches: 0 });
    expect(staff.state.deliveries).toEqual([]);
    expect(staff.state.credits).toEqual({});
  });

  it('by the same person within 30 s sees the same clip again, uncounted', () => {
    const sold = entry({ remaining: 1 });
    const plan = neighbourhoodPlan([cell([sold])]);
    const first = choose(emptyPlanState, atDoor(plan));
    const again = choose(first.state, atDoor(plan, { unbillable: 'repeat', now: after(morning, seconds(20)) }));
    expect(again.choice).toMatchObject({ campaign: sold.campaign, clip: sold.clip, milliTouches: 0 });
    expect(again.state).toBe(first.state);
    const late = choose(first.state, atDoor(plan, { unbillable: 'repeat', now: after(morning, seconds(40)) }));
    expect(late.choice?.campaign).toBeNull();
  });
});

describe('what the next one sees within half a minute', () => {
  const again = (state: PlanState, plan: Plan, afterMs: number, change: Partial<Situation> = {}) =>
    choose(
      state,
      atDoor(plan, { unbillable: 'repeat', now: instant(morning + afterMs), decision: 'dec_2', ...change }),
    );

  it('is never what was meant for somebody who opted in', () => {
    const plan = neighbourhoodPlan([cell([entry({ consent: true })])]);
    const first = choose(emptyPlanState, atDoor(plan, { pseudonym: 'neighbour' }));
    expect(first.choice?.campaign).not.toBeNull();
    expect(again(first.state, plan, 5_000).choice?.campaign).toBeNull();
    const capped = neighbourhoodPlan([cell([entry({ cap: { plays: 1, windowMs: minutes(5) } })])]);
    const once = choose(emptyPlanState, atDoor(capped, { pseudonym: 'neighbour' }));
    expect(again(once.state, capped, 5_000, { pseudonym: 'neighbour' }).choice?.campaign).toBeNull();
  });

  it('is a house clip when the plan has ended meanwhile', () => {
    const plan = neighbourhoodPlan([cell([entry()])], { validTo: after(morning, seconds(10)) });
    const first = choose(emptyPlanState, atDoor(plan));
    expect(again(first.state, plan, 9_000).choice?.campaign).not.toBeNull();
    expect(again(first.state, plan, 10_000).choice?.campaign).toBeNull();
  });

  it('keeps its competitors away as long as if it had been shown for the first time', () => {
    const separation = { group: 'noodles', ms: minutes(1) };
    const sold = [
      entry({ sharePpm: 500_000, separation }),
      entry({ sharePpm: 500_000, separation, clip: clips.fruit }),
    ];
    const plan = neighbourhoodPlan([cell(sold)]);
    const first = choose(emptyPlanState, atDoor(plan));
    const { state } = again(first.state, plan, 20_000);
    const at70 = { now: after(morning, seconds(70)) };
    expect(choose(first.state, atDoor(plan, at70)).choice?.campaign).not.toBeNull();
    expect(choose(state, atDoor(plan, at70)).choice?.campaign).toBeNull();
    expect(choose(state, atDoor(plan, { now: after(morning, seconds(80)) })).choice?.campaign).not.toBeNull();
  });
});

it('a wait of several clips shows a campaign once, however much of the half-hour it bought', () => {
  const plan = neighbourhoodPlan([cell([entry()])]);
  const shown: Choice[] = [];
  let state = emptyPlanState;
  for (let n = 0; n < 4; n += 1) {
    const turn = choose(state, atDoor(plan, { shownBefore: shown, decision: `dec_${n}` }));
    state = turn.state;
    if (turn.choice) shown.push(turn.choice);
  }
  expect(shown.map(({ campaign }) => campaign !== null)).toEqual([true, false, false, false]);
  expect(new Set(shown.map(({ clip }) => clip)).size).toBeGreaterThan(2);
});

it('a wait that goes on into the next half-hour is charged to the one that its touch counts in', () => {
  const [first, second] = [entry({ remaining: 1 }), entry({ remaining: 1, clip: clips.fruit })];
  const plan = neighbourhoodPlan([cell([first]), cell([second], { at: at('08:00') })]);
  const late = { now: at('08:00'), shownBefore: [{ clip: clips.anyone, campaign: null }] };
  const charged = choose(emptyPlanState, atDoor(plan, { ...late, halfHour: at('07:30') }));
  expect(charged.choice?.campaign).toBe(first.campaign);
  expect(choose(charged.state, atDoor(plan, { ...late, halfHour: at('07:30') })).choice?.campaign).toBeNull();
  expect(choose(charged.state, atDoor(plan, { now: at('08:00') })).choice?.campaign).toBe(second.campaign);
});

describe('what a campaign is owed', () => {
  const sold = entry({ remaining: 1 });
  const plan = neighbourhoodPlan([cell([sold])]);

  it('is owed again when nobody could see the play', () => {
    const first = choose(emptyPlanState, atDoor(plan, { decision: 'dec_unseen' }));
    expect(choose(first.state, atDoor(plan)).choice?.campaign).toBeNull();
    expect(choose(giveBack(first.state, 'dec_unseen'), atDoor(plan)).choice?.campaign).toBe(sold.campaign);
  });

  it('is what the plan says at its validFrom, less the plays since', () => {
    const first = choose(emptyPlanState, atDoor(plan));
    const later = after(morning, minutes(5));
    const reissued = { ...plan, validFrom: after(morning, minutes(1)) };
    expect(choose(first.state, atDoor(plan, { now: later })).choice?.campaign).toBeNull();
    expect(choose(first.state, atDoor(reissued, { now: later })).choice?.campaign).toBe(sold.campaign);
  });
});

it('plays the house clip that suits most while nobody is there', () => {
  expect(ambientClip(neighbourhoodPlan(), everything, at('22:30'))).toBe(clips.night);
  expect(ambientClip(neighbourhoodPlan(), new Set(), at('22:30'))).toBeUndefined();
  expect(ambientClip(undefined, everything, at('22:30'))).toBeUndefined();
});
