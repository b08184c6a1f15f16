import { manualClock, milliseconds } from '@gatecast/firmware-protocol';
import type { ScreenDecision } from '@gatecast/firmware-protocol/messages';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Opening } from '../door/door-listener.ts';
import { createBrokenClips } from './broken-clips.ts';
import { at, cell, clips, entry, neighbourhoodPlan } from './plan.fixture.ts';
import { createPlanMemory } from './plan-memory.ts';
import {
  clipOf,
  documentsInMemory,
  gateConfig,
  manifestOf,
  memoryInMemory,
  openingAt,
  silentLog,
} from './player.fixture.ts';
import { createProgramme, type Programme } from './programme.ts';
import type { MadeDecision } from './plays.ts';

const clipMs = 6_000;

describe('somebody who waits for the lift', () => {
  let clock: ReturnType<typeof manualClock>;
  let programme: Programme;
  let told: ScreenDecision[];
  let made: MadeDecision[];
  let isThere: boolean;

  beforeEach(() => {
    clock = manualClock(at('07:40'));
    told = [];
    made = [];
    isThere = true;
    const entries = [entry({ sharePpm: 500_000 }), entry({ sharePpm: 500_000, clip: clips.fruit })];
    const files = Object.values(clips).map((sha256) => clipOf(Buffer.of(0), { sha256, durationMs: clipMs }).clip);
    programme = createProgramme({
      clock,
      documents: documentsInMemory({
        config: gateConfig(),
        plan: neighbourhoodPlan([cell(entries, { event: 'lift-call', placement: 'lift' })]),
      }),
      manifest: () => manifestOf(...files),
      shortLinkKey: () => undefined,
      memory: createPlanMemory(memoryInMemory(), silentLog),
      enrolment: () => null,
      page: '',
      cached: new Set(Object.values(clips)),
      broken: createBrokenClips(clock),
      provenNow: () => undefined,
      plays: { made: (decision) => void made.push(decision), superseded: () => {} },
      isWaiting: () => isThere,
      pages: () => 0,
      send: (event, data) => {
        if (event === 'decision') told.push(data as ScreenDecision);
      },
    });
  });

  const call = (change: Partial<Opening> = {}) =>
    programme.opened(openingAt(clock, { event: 'lift-call', placement: 'lift', tellsArrival: true, ...change }));
  const pass = (ms: number) => {
    for (let gone = 0; gone < ms; gone += 1_000) {
      clock.advance(milliseconds(1_000));
      programme.refresh();
    }
  };

  it('sees one clip after another, each by a decision of its own that names the one before', () => {
    call();
    pass(clipMs * 3);
    expect(told.length).toBeGreaterThanOrEqual(3);
    told.slice(1).forEach((decision, index) => expect(decision.after).toBe(told[index]?.decision));
    expect(new Set(made.map(({ touch }) => touch)).size).toBe(1);
    expect(new Set(told.map(({ decision }) => decision)).size).toBe(told.length);
  });

  it('sees each campaign once, and house clips for the rest', () => {
    call();
    pass(clipMs * 4);
    const paid = told.flatMap(({ campaign }) => campaign ?? []);
    expect(new Set(paid).size).toBe(paid.length);
    expect(paid).toHaveLength(2);
    expect(told.at(-1)?.campaign).toBeNull();
  });

  it('has the next clip told shortly before the end of the one that is on, and not sooner', () => {
    call();
    pass(clipMs - 3_000);
    expect(told).toHaveLength(1);
    pass(1_000);
    expect(told).toHaveLength(2);
    // Its play begins when it is chosen; what counts is what the page then shows in the touch's window.
    expect((made[1]?.startedMono ?? 0) - (made[0]?.startedMono ?? 0)).toBe(clipMs - 2_000);
  });

  it('sees no more of it once the lift is there', () => {
    call();
    isThere = false;
    pass(clipMs * 3);
    expect(told).toHaveLength(1);
  });

  it('and who comes through a door sees one clip', () => {
    call({ event: 'opening' });
    pass(clipMs * 3);
    expect(told).toHaveLength(1);
  });
});
