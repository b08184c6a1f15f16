import { after, instant, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rolloutState, type RolloutCriteria, type RolloutState, type RolloutTerminalState } from './contract.ts';
import {
  allowedFailures,
  isHolding,
  judge,
  nextStep,
  rolloutTransitions,
  stageSizes,
  statesBefore,
  type Progress,
  type TerminalFacts,
} from './rules.ts';

const start = instant(1_790_000_000_000);
const criteria: RolloutCriteria = { withinMinutes: 30, healthyMinutes: 5, waitMinutes: 10, errorPercentMax: 10 };

describe('the stages of a roll-out', () => {
  it('are the canaries, then each share of the others, then the rest', () => {
    expect(stageSizes(103, 3, [{ percent: 10 }, { percent: 50 }])).toEqual([3, 10, 40, 50]);
    expect(stageSizes(20, 0, [{ count: 5 }])).toEqual([5, 15]);
    expect(stageSizes(4, 0, [{ count: 9 }, { percent: 50 }])).toEqual([4]);
    expect(stageSizes(2, 2, [{ percent: 50 }])).toEqual([2]);
  });

  it('reach each terminal once, whatever was asked for', () => {
    const stage = fc.oneof(
      fc.record({ percent: fc.integer({ min: 1, max: 100 }) }),
      fc.record({ count: fc.integer({ min: 1, max: 200 }) }),
    );
    fc.assert(
      fc.property(fc.nat(300), fc.nat(20), fc.array(stage, { maxLength: 10 }), (others, canaries, stages) => {
        const sizes = stageSizes(others + canaries, canaries, stages);
        expect(sizes.every((size) => size > 0)).toBe(true);
        expect(sizes.reduce((all, size) => all + size, 0)).toBe(others + canaries);
      }),
    );
  });
});

describe('a terminal that was told', () => {
  const told: TerminalFacts = {
    state: 'sent',
    dueFrom: start,
    version: 7,
    applied: 6,
    appliedAt: instant(start - 9_000_000),
    failed: null,
    reason: null,
    online: true,
    newTroubles: [],
  };
  const at = (change: Partial<TerminalFacts>, minute: number) =>
    judge({ ...told, ...change }, criteria, after(start, minutes(minute)));

  it.each<[string, Partial<TerminalFacts>, number, RolloutTerminalState, string | null]>([
    ['is waited for', {}, 29, 'sent', null],
    ['has failed when it has not applied it in time', {}, 30, 'failed', 'not-in-time'],
    ['is away, however late', { online: false }, 900, 'away', null],
    ['has failed when it went back', { failed: 7, reason: 'screen-went-dark' }, 1, 'failed', 'screen-went-dark'],
    ['has failed also if it is away since', { failed: 7, reason: 'bad', online: false }, 1, 'failed', 'bad'],
    ['is not blamed for what an older version did', { failed: 6, reason: 'bad' }, 1, 'sent', null],
    ['is watched for a while', { applied: 7, appliedAt: after(start, minutes(1)) }, 5, 'sent', null],
    ['is healthy then', { applied: 7, appliedAt: after(start, minutes(1)) }, 6, 'healthy', null],
    ['had it already', { applied: 7 }, 5, 'healthy', null],
    ['has a newer version of it', { applied: 9, appliedAt: start }, 5, 'healthy', null],
    ['is not late before it is due', { dueFrom: after(start, minutes(600)) }, 500, 'sent', null],
    ['is late from then on', { dueFrom: after(start, minutes(600)) }, 630, 'failed', 'not-in-time'],
    [
      'has it before it is due',
      { dueFrom: after(start, minutes(600)), applied: 7, appliedAt: after(start, minutes(1)) },
      6,
      'healthy',
      null,
    ],
    ['has new trouble', { applied: 7, newTroubles: ['door-offline'] }, 6, 'failed', 'door-offline'],
    ['was healthy and is away', { state: 'healthy', applied: 7, online: false }, 60, 'healthy', null],
    ['was healthy and went back', { state: 'healthy', failed: 7, reason: 'dark' }, 60, 'failed', 'dark'],
  ])('%s', (_what, change, minute, state, reason) => expect(at(change, minute)).toMatchObject({ state, reason }));

  it('has its time again when it is back without it', () => {
    const back = { state: 'sent', reason: null, dueFrom: after(start, minutes(900)) };
    expect(at({ state: 'away' }, 900)).toEqual(back);
    expect(at({ state: 'away', applied: 7, appliedAt: start }, 900)).toEqual({ state: 'healthy', reason: null });
  });
});

describe('what a roll-out does next', () => {
  const progress: Progress = {
    stage: 0,
    counts: [{ sent: 4 }, { waiting: 16 }],
    startedAt: start,
    stageStartedAt: start,
    stageDoneAt: null,
    forgiven: 0,
  };
  const step = (change: Partial<Progress>, minute = 0) =>
    nextStep({ ...progress, ...change }, criteria, after(start, minutes(minute)));

  it('is to tell the stage, wait until it is proven, rest, and go on', () => {
    expect(step({ counts: [{ waiting: 4 }, { waiting: 16 }] })).toEqual({ do: 'send' });
    expect(step({})).toEqual({ do: 'watch' });
    expect(step({ counts: [{ healthy: 4 }, { waiting: 16 }] }, 6)).toEqual({ do: 'close-stage' });
    const done = { counts: [{ healthy: 4 }, { waiting: 16 }], stageDoneAt: after(start, minutes(6)) };
    expect(step(done, 15)).toEqual({ do: 'watch' });
    expect(step(done, 16)).toEqual({ do: 'next-stage' });
    expect(step({ ...done, stage: 1, counts: [{ healthy: 4 }, { healthy: 16 }] }, 16)).toEqual({ do: 'finish' });
  });

  it('is to halt as soon as too many have failed, and not for those that somebody knows of', () => {
    expect(step({ counts: [{ sent: 3, failed: 1 }, { waiting: 16 }] })).toEqual({ do: 'halt', failed: 1, allowed: 0 });
    expect(step({ counts: [{ sent: 3, failed: 1 }, { waiting: 16 }], forgiven: 1 })).toEqual({ do: 'watch' });
    expect(step({ stage: 1, counts: [{ healthy: 4 }, { sent: 14, failed: 2 }] }).do).toBe('watch');
    expect(step({ stage: 1, counts: [{ healthy: 4 }, { sent: 13, failed: 3 }] }).do).toBe('halt');
  });

  it('does not wait for ever for who is away, but never goes on without anybody to show that it works', () => {
    const away = [{ healthy: 3, away: 1 }, { waiting: 16 }];
    expect(step({ counts: away }, 29).do).toBe('watch');
    expect(step({ counts: away }, 30).do).toBe('close-stage');
    expect(step({ counts: [{ away: 4 }, { waiting: 16 }] }, 9_000).do).toBe('watch');
    const last = { stage: 1, counts: [{ healthy: 4 }, { healthy: 15, away: 1 }], stageDoneAt: start };
    expect(step(last, 6 * 24 * 60).do).toBe('watch');
    expect(step(last, 7 * 24 * 60).do).toBe('finish');
  });

  it('keeps its promises in every world', () => {
    const fate = fc.constantFrom<RolloutTerminalState>('healthy', 'failed', 'away');
    const world = fc.record({
      fates: fc.array(fate, { minLength: 1, maxLength: 60 }),
      stages: fc.array(fc.record({ percent: fc.integer({ min: 1, max: 99 }) }), { maxLength: 4 }),
      errorPercentMax: fc.integer({ min: 0, max: 100 }),
    });
    fc.assert(
      fc.property(world, ({ fates, stages, errorPercentMax }) => {
        const rules = { ...criteria, errorPercentMax };
        const sizes = stageSizes(fates.length, 0, stages);
        const stageOf = sizes.flatMap((size, index) => Array<number>(size).fill(index));
        const states = fates.map((): RolloutTerminalState => 'waiting');
        const countsOf = (index: number) => {
          const counts: Partial<Record<RolloutTerminalState, number>> = {};
          states.forEach((state, at) => stageOf[at] === index && (counts[state] = (counts[state] ?? 0) + 1));
          return counts;
        };
        let now: InstantMs = start;
        let [stage, stageStartedAt, stageDoneAt]: [number, InstantMs, InstantMs | null] = [0, start, null];
        for (let turn = 0; turn < 6_000; turn += 1) {
          const counts = sizes.map((_size, index) => countsOf(index));
          const here = { stage, counts, startedAt: start, stageStartedAt, stageDoneAt, forgiven: 0 };
          const next = nextStep(here, rules, now);
          const told = states.filter((state) => state !== 'waiting').length;
          const reached = sizes.slice(0, stage + 1).reduce((all, size) => all + size, 0);
          expect(told).toBeLessThanOrEqual(reached);
          const failed = states.filter((state) => state === 'failed').length;
          expect(next.do === 'halt').toBe(failed > allowedFailures(reached, rules));
          if (next.do === 'halt' || next.do === 'finish') return;
          if (next.do === 'send') {
            states.forEach((state, at) => state === 'waiting' && stageOf[at] === stage && (states[at] = 'sent'));
          } else if (next.do === 'close-stage') {
            expect(countsOf(stage)).not.toHaveProperty('sent');
            stageDoneAt = now;
          } else if (next.do === 'next-stage') {
            expect(now - (stageDoneAt ?? now)).toBeGreaterThanOrEqual(minutes(rules.waitMinutes));
            [stage, stageStartedAt, stageDoneAt] = [stage + 1, now, null];
          } else {
            states.forEach((state, at) => state === 'sent' && (states[at] = fates[at] ?? 'failed'));
            now = after(now, minutes(5));
          }
        }
        // Only a stage in which nobody is there waits for ever.
        expect(countsOf(stage)).toEqual({ away: sizes[stage] });
      }),
      { numRuns: 60 },
    );
  });
});

describe('the states of a roll-out', () => {
  it.each(rolloutState.options)('%s is followed by what its table says and nothing else', (from) => {
    for (const to of rolloutState.options) {
      expect(statesBefore(to).includes(from)).toBe(rolloutTransitions[from].includes(to));
    }
  });

  it('end: from every state there is a way to one that holds nothing', () => {
    const ends = new Set<RolloutState>(rolloutState.options.filter((state) => !isHolding(state)));
    for (let hops = 0; hops < rolloutState.options.length; hops += 1)
      for (const from of rolloutState.options) if (rolloutTransitions[from].some((to) => ends.has(to))) ends.add(from);
    expect([...ends].sort()).toEqual(rolloutState.options.toSorted());
  });
});
