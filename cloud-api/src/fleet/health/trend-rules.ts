import { days, hours, instant, minutes, type DurationMs, type InstantMs } from '@gatecast/firmware-protocol';
import type { HealthReport } from '@gatecast/firmware-protocol/messages';

export type Grain = 'fine' | 'hour';

interface GrainRule {
  /** One point stands for so long. */
  readonly stepMs: DurationMs;
  /** One stored row holds the points of so long. */
  readonly rowMs: DurationMs;
  readonly keptMs: DurationMs;
}

export const grains: Readonly<Record<Grain, GrainRule>> = {
  fine: { stepMs: minutes(5), rowMs: hours(1), keptMs: days(2) },
  hour: { stepMs: hours(1), rowMs: days(1), keptMs: days(90) },
};

/** The worst of a step, as far as the machine can say: null means it cannot. Short names, as there are millions of them. */
export interface HealthPoint {
  /** Start of the step. */
  readonly at: InstantMs;
  /** Least free disk, bytes. */
  readonly diskFree: number | null;
  /** Most memory of the agent, bytes. */
  readonly rss: number;
  /** Highest temperature, °C. */
  readonly temp: number | null;
  /** The clock's distance from the cloud's, ms, whichever way was farther. */
  readonly clockOff: number | null;
  /** Most rows that waited for the cloud. */
  readonly waiting: number;
  /** Reconnects since the agent started. */
  readonly reconnects: number;
  /** Whether anything was wrong. */
  readonly bad: boolean;
}

/** What a report adds to the trend at the moment it arrived: a terminal's clock may be anywhere. */
export function pointOf(report: HealthReport, receivedAt: InstantMs): HealthPoint {
  return {
    at: receivedAt,
    diskFree: report.disk.freeBytes,
    rss: report.memory.rssBytes,
    temp: report.temperatureC,
    clockOff: report.clock.offsetMs,
    waiting: waitingRows(report),
    reconnects: report.uplink.reconnects,
    bad: report.issues.length > 0,
  };
}

/** Journal rows of all streams that the cloud has not confirmed. */
export const waitingRows = ({ journal }: HealthReport): number => journal.reduce((sum, { rows }) => sum + rows, 0);

const startOf = (at: InstantMs, stepMs: DurationMs): InstantMs => instant(at - (at % stepMs));

/** Which stored row a point belongs to. */
export const rowStart = (grain: Grain, at: InstantMs): InstantMs => startOf(at, grains[grain].rowMs);

/** The points of a row after another one; of several in one step the worst of each figure stays. Bounded by the steps of a row. */
export function withPoint(points: readonly HealthPoint[], grain: Grain, point: HealthPoint): readonly HealthPoint[] {
  const placed = { ...point, at: startOf(point.at, grains[grain].stepMs) };
  const known = points.find(({ at }) => at === placed.at);
  const others = points.filter(({ at }) => at !== placed.at);
  return [...others, known ? worst(known, placed) : placed].toSorted((a, b) => a.at - b.at);
}

/** The worst of each longer step. */
export function thinned(points: readonly HealthPoint[], stepMs: number): readonly HealthPoint[] {
  const steps = new Map<number, HealthPoint>();
  for (const point of points) {
    const at = instant(point.at - (point.at % stepMs));
    const known = steps.get(at);
    steps.set(at, known ? worst(known, point) : { ...point, at });
  }
  return [...steps.values()];
}

const worst = (a: HealthPoint, b: HealthPoint): HealthPoint => ({
  at: a.at,
  diskFree: pick(Math.min, a.diskFree, b.diskFree),
  rss: Math.max(a.rss, b.rss),
  temp: pick(Math.max, a.temp, b.temp),
  clockOff: farther(a.clockOff, b.clockOff),
  waiting: Math.max(a.waiting, b.waiting),
  reconnects: Math.max(a.reconnects, b.reconnects),
  bad: a.bad || b.bad,
});

const pick = (of: (a: number, b: number) => number, a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : of(a, b);

const farther = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.abs(b) > Math.abs(a) ? b : a;
