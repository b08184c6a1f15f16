import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DomainError, halfHourOf, milliseconds, newId, systemClock } from '@gatecast/firmware-protocol';
import type { PlayReport } from '@gatecast/firmware-protocol/messages';
import { clips, entrance } from './plan.fixture.ts';
import { journalInMemory, silentLog } from './player.fixture.ts';
import { createPlays, type MadeDecision } from './plays.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function made(change: Partial<MadeDecision> = {}): MadeDecision {
  return {
    decision: newId('decision'),
    touch: newId('touch'),
    billable: true,
    entrance,
    placement: 'gate',
    campaign: newId('campaign'),
    clip: clips.noodles,
    durationMs: 8_000,
    halfHour: halfHourOf(systemClock.now()),
    startedAt: systemClock.now(),
    startedMono: systemClock.mono(),
    milliTouches: 1_000,
    ...change,
  };
}
const told = ({ decision }: MadeDecision, change: Partial<PlayReport> = {}): PlayReport => ({
  decision,
  spans: [{ fromMs: 0, toMs: 3_000, frames: 75 }],
  framesDropped: 0,
  muted: true,
  endReason: 'finished',
  measuredBy: 'frames',
  ...change,
});

function screen(disk: () => Promise<void> = () => Promise.resolve()) {
  const journal = journalInMemory();
  const settled = vi.fn();
  const plays = createPlays({
    clock: systemClock,
    log: silentLog,
    journal: { append: (row) => disk().then(() => journal.append(row)) },
    windowOf: () => ({ fromMono: -Infinity, toMono: Infinity }),
    panel: () => ({ panel: 'on', panelBy: 'backlight' }),
    settled,
  });
  return { plays, settled, rows: () => journal.of('play') };
}
const codeOf = (error: unknown) => (error instanceof DomainError ? error.code : error);

it('a screen that never reports is one row ten seconds after the end of the clip, and its late report is refused', async () => {
  const { plays, rows } = screen();
  const play = made();
  plays.made(play);
  await vi.advanceTimersByTimeAsync(17_000);
  expect(rows()).toEqual([]);
  expect(plays.isPending(entrance, play.halfHour)).toBe(true);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(rows()).toMatchObject([{ decision: play.decision, endReason: 'screen-gone', rendered: false, muted: true }]);
  expect(plays.isPending(entrance, play.halfHour)).toBe(false);
  expect(await plays.report(told(play)).catch(codeOf)).toBe('late-report');
  expect(rows()).toHaveLength(1);
});

it('a clip that repeats is over only when the next one begins', async () => {
  const { plays, rows } = screen();
  const ambient = made({ touch: null, billable: false, campaign: null, milliTouches: 0 });
  plays.made(ambient);
  await vi.advanceTimersByTimeAsync(1_800_000);
  expect(rows()).toEqual([]);
  plays.superseded(ambient.decision);
  await plays.report(told(ambient, { spans: [{ fromMs: 0, toMs: 1_700_000, frames: 42_500 }], endReason: 'replaced' }));
  expect(rows()).toMatchObject([{ touch: null, billable: false, shownMs: 1_700_000, endReason: 'replaced' }]);
});

it('what settles a decision is told once, before its row', async () => {
  const { plays, settled, rows } = screen();
  const play = made({ startedMono: milliseconds(systemClock.mono() - 4_000) });
  plays.made(play);
  const reports = await Promise.allSettled([plays.report(told(play)), plays.report(told(play))]);
  expect(reports.map((r) => r.status)).toEqual(['fulfilled', 'rejected']);
  expect(settled).toHaveBeenCalledExactlyOnceWith(play, expect.objectContaining({ viewable: true }));
  expect(rows()).toHaveLength(1);
});

it('a journal that takes nothing is told to the page, and holds up no half-hour', async () => {
  const { plays } = screen(() => Promise.reject(new DomainError('cannot-commit', 'the disk is full')));
  const play = made({ startedMono: milliseconds(systemClock.mono() - 4_000) });
  plays.made(play);
  expect(await plays.report(told(play)).catch(codeOf)).toBe('cannot-commit');
  expect(plays.isPending(entrance, play.halfHour)).toBe(false);
});

it('a play says what was read of the panel while its frames were shown, and how', async () => {
  const { plays, rows } = screen();
  const play = made({ startedMono: milliseconds(systemClock.mono() - 4_000) });
  plays.made(play);
  await plays.report(told(play));
  expect(rows()).toMatchObject([{ panel: 'on', panelBy: 'backlight', measuredBy: 'frames' }]);
});

it('a play without frames that a browser told of is never proven by a lit panel, and counts as it is', async () => {
  const { plays, rows } = screen();
  for (const change of [{ measuredBy: 'clock' as const }, { spans: [] }]) {
    const play = made({ startedMono: milliseconds(systemClock.mono() - 4_000) });
    plays.made(play);
    await plays.report(told(play, change));
  }
  expect(rows()).toMatchObject([
    { viewable: true, panel: 'unproven', panelBy: 'backlight', measuredBy: 'clock' },
    { viewable: false, panel: 'unproven', panelBy: 'backlight', measuredBy: 'frames' },
  ]);
});
