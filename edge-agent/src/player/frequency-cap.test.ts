import { describe, expect, it } from 'vitest';
import { after, days, instant, minutes } from '@gatecast/firmware-protocol';
import { choose, giveBack, type Situation } from './choose.ts';
import { forgetOthers, sightingsMax, type Sighting } from './frequency-cap.ts';
import { createPlanMemory } from './plan-memory.ts';
import { emptyPlanState } from './plan-state.ts';
import { cell, clips, entrance, entry, morning, neighbourhoodPlan } from './plan.fixture.ts';
import { memoryInMemory, silentLog } from './player.fixture.ts';

const sold = entry({ cap: { plays: 1, windowMs: minutes(10) } });
const plan = neighbourhoodPlan([cell([sold])]);
const at = (change: Partial<Situation>): Situation => ({
  plan,
  cached: new Set(Object.values(clips)),
  entrance,
  event: 'opening',
  unbillable: null,
  pseudonym: 'neighbour',
  shownBefore: [],
  now: morning,
  decision: 'dec_1',
  ...change,
});
const campaignFor = (state = emptyPlanState, change: Partial<Situation> = {}) =>
  choose(state, at(change)).choice?.campaign;

describe('a frequency cap', () => {
  const seen = choose(emptyPlanState, at({})).state;

  it('holds for one person and no other, and not for those who are not known', () => {
    const later = { now: after(morning, minutes(1)) };
    expect(campaignFor(seen, later)).toBeNull();
    expect(campaignFor(seen, { ...later, pseudonym: 'another' })).toBe(sold.campaign);
    expect(campaignFor(seen, { ...later, pseudonym: null })).toBe(sold.campaign);
  });

  it('ends with its window, whose end is not in it', () => {
    expect(campaignFor(seen, { now: instant(morning + minutes(10) - 1) })).toBeNull();
    expect(campaignFor(seen, { now: after(morning, minutes(10)) })).toBe(sold.campaign);
  });

  it('does not count what nobody saw', () => {
    expect(campaignFor(giveBack(seen, 'dec_1'), { now: after(morning, minutes(1)) })).toBe(sold.campaign);
  });

  it('rests rather than forget when there are too many to remember', () => {
    const sightings = Array.from({ length: sightingsMax }, (_, n): Sighting => {
      const other = { decision: `dec_${n}`, pseudonym: `p${n}`, campaign: 'other', windowMs: days(30) };
      return { ...other, at: morning };
    });
    expect(campaignFor({ ...emptyPlanState, sightings })).toBeNull();
    expect(campaignFor({ ...emptyPlanState, sightings }, { pseudonym: null })).toBe(sold.campaign);
    // Whose windows are over, they stand in nobody's way.
    expect(
      campaignFor(
        { ...emptyPlanState, sightings: sightings.map((s) => ({ ...s, windowMs: 1 })) },
        { now: instant(morning + 1_000) },
      ),
    ).toBe(sold.campaign);
  });
});

describe('what a screen remembers of somebody', () => {
  it('is nothing of whoever did not opt in, whatever they were shown', () => {
    const { state } = choose(emptyPlanState, at({ pseudonym: null }));
    expect(state.sightings).toEqual([]);
  });

  it('survives a restart, and is gone from the disk as soon as they opt out', async () => {
    const disk = memoryInMemory();
    const memory = createPlanMemory(disk, silentLog);
    memory.keep(choose(memory.state, at({})).state);
    await memory.settle();
    expect(createPlanMemory(disk, silentLog).state).toEqual(memory.state);
    expect(JSON.stringify([...disk.values])).toContain('neighbour');

    memory.keep(forgetOthers(memory.state, new Set(['neighbour'])));
    expect(memory.state.sightings).toHaveLength(1);
    memory.keep(forgetOthers(memory.state, new Set(['another'])));
    await memory.settle();
    expect(JSON.stringify([...disk.values])).not.toContain('neighbour');
    expect(memory.state.deliveries).toHaveLength(1);
  });

  it('is gone when its window is over and somebody else comes', () => {
    const { state } = choose(emptyPlanState, at({}));
    const next = choose(state, at({ pseudonym: 'another', now: after(morning, minutes(11)), decision: 'dec_2' })).state;
    expect(next.sightings.map(({ pseudonym }) => pseudonym)).toEqual(['another']);
  });
});
