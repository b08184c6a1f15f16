import { manualClock, minutes, seconds } from '@gatecast/firmware-protocol';
import type { ScreenDecision } from '@gatecast/firmware-protocol/messages';
import { beforeEach, describe, expect, it } from 'vitest';
import { createBrokenClips } from './broken-clips.ts';
import { at, clips, neighbourhoodPlan } from './plan.fixture.ts';
import { createPlanMemory } from './plan-memory.ts';
import { clipOf, documentsInMemory, gateConfig, manifestOf, memoryInMemory, silentLog } from './player.fixture.ts';
import { createProgramme, type Programme } from './programme.ts';

describe('a house with a single clip', () => {
  let clock: ReturnType<typeof manualClock>;
  let programme: Programme;
  let told: ScreenDecision[];
  let superseded: string[];
  let pages: number;

  beforeEach(() => {
    clock = manualClock(at('07:30'));
    told = [];
    superseded = [];
    pages = 1;
    const { clip } = clipOf(Buffer.of(0), { sha256: clips.night, durationMs: 6_000 });
    programme = createProgramme({
      clock,
      documents: documentsInMemory({
        config: gateConfig(),
        plan: { ...neighbourhoodPlan(), house: [{ clip: clips.night, segment: 'all' }] },
      }),
      manifest: () => manifestOf(clip),
      shortLinkKey: () => undefined,
      memory: createPlanMemory(memoryInMemory(), silentLog),
      enrolment: () => null,
      page: '',
      cached: new Set([clips.night]),
      broken: createBrokenClips(clock),
      provenNow: () => undefined,
      plays: { made: () => {}, superseded: (decision) => void superseded.push(decision) },
      isWaiting: () => false,
      pages: () => pages,
      send: (event, data) => {
        if (event === 'decision') told.push(data as ScreenDecision);
      },
    });
    programme.refresh();
  });

  const pass = (ms: number) => {
    for (let gone = 0; gone < ms; gone += seconds(1)) {
      clock.advance(seconds(1));
      programme.refresh();
    }
  };

  it('has a row in the journal for every two minutes of it, so that a power cut takes no more', () => {
    pass(minutes(10));
    expect(told.map(({ clip }) => clip)).toEqual(Array.from({ length: 6 }, () => clips.night));
    expect(superseded).toEqual(told.slice(0, -1).map(({ decision }) => decision));
  });

  it('waits for a page that has only lost its line', () => {
    pages = 0;
    pass(minutes(10));
    expect([told.length, superseded]).toEqual([1, []]);
    pages = 1;
    pass(seconds(1));
    expect(superseded).toEqual([told[0]?.decision]);
    expect(told).toHaveLength(2);
  });
});
