import { healthIssue, type HealthIssue, type HealthReport } from '@gatecast/firmware-protocol/messages';

/** All that the issues follow from. */
export interface HealthFacts extends Omit<HealthReport, 'v' | 'terminal' | 'issues'> {
  /** Runs that were cut off within the last {@link restartsWithinMs}. */
  readonly cutOffRuns: number;
  /** The journal has dropped rows since this run began. */
  readonly isLosingRows: boolean;
  /** A version that the cloud wants was refused and is still not in force. */
  readonly isDocumentRefused: boolean;
  /** A release was refused or taken back, and the cloud wants no other yet. */
  readonly isUpdateRefused: boolean;
}

export const restartsWithinMs = 3_600_000;

const worstFirst = healthIssue.options;
const mebibyte = 1_048_576;
const minuteMs = 60_000;

/**
 * A value that is wrong beyond `raise` is right again only on the other side of `clear`: one that moves about its limit raises one alarm, not a
 * hundred.
 */
interface Limit {
  readonly raise: number;
  readonly clear: number;
}
const limits = {
  /** The database can still write what it must; clips are not fetched any more. */
  diskFullBytes: { raise: 64 * mebibyte, clear: 128 * mebibyte },
  diskLowBytes: { raise: 512 * mebibyte, clear: 640 * mebibyte },
  /** Industrial boards slow down at 85 °C. */
  hotC: { raise: 80, clear: 75 },
  /** The agent itself stays below 100 MB; beyond this the service manager ends it. */
  rssBytes: { raise: 256 * mebibyte, clear: 224 * mebibyte },
  memoryFreeBytes: { raise: 48 * mebibyte, clear: 64 * mebibyte },
  /** Beyond the drift of a day, also of a poor crystal. */
  clockOffMs: { raise: 30_000, clear: 5_000 },
  backlogMs: { raise: 60 * minuteMs, clear: 10 * minuteMs },
  /** Clips follow each other without a break. */
  frameMs: { raise: 2 * minuteMs, clear: minuteMs / 2 },
} as const satisfies Record<string, Limit>;

/** What needs a while after the start: the door's hardware to be found, the browser to be up, the cloud to tell the time. */
const settledAfterMs = { door: minuteMs / 2, screen: 2 * minuteMs, clock: 2 * minuteMs } as const;
const cutOffRunsMax = 2;

/** What is wrong, worst first. `standing` is what was wrong at the last look. */
export function issuesOf(facts: HealthFacts, standing: readonly HealthIssue[] = []): HealthIssue[] {
  const before = new Set(standing);
  const above = (issue: HealthIssue, value: number, { raise, clear }: Limit) =>
    before.has(issue) ? value > clear : value > raise;
  const below = (issue: HealthIssue, value: number | null, { raise, clear }: Limit) =>
    value !== null && (before.has(issue) ? value < clear : value < raise);
  const { disk, memory, clock, screen, doors, journal, at, uptimeMs, temperatureC } = facts;
  const isTimeKnown = clock.quality === 'synced' || clock.quality === 'holdover';
  const ageOf = (since: number | null) => (isTimeKnown && since !== null ? at - since : 0);
  const oldestMs = Math.max(0, ...journal.map(({ oldestAt }) => ageOf(oldestAt)));
  const isDiskFull = below('disk-full', disk.freeBytes, limits.diskFullBytes);
  const found: Readonly<Record<HealthIssue, boolean>> = {
    'disk-read-only': !disk.writable,
    'disk-full': isDiskFull,
    'disk-low': !isDiskFull && below('disk-low', disk.freeBytes, limits.diskLowBytes),
    'journal-losing-rows': facts.isLosingRows,
    'journal-backlog': above('journal-backlog', oldestMs, limits.backlogMs),
    'door-hardware-silent': uptimeMs > settledAfterMs.door && doors.some(({ online }) => !online),
    'clock-unknown': !isTimeKnown && (clock.quality === 'turned-back' || uptimeMs > settledAfterMs.clock),
    'clock-off': above('clock-off', Math.abs(clock.offsetMs ?? 0), limits.clockOffMs),
    'screen-absent': uptimeMs > settledAfterMs.screen && !screen.connected,
    'screen-stalled': screen.connected && above('screen-stalled', ageOf(screen.lastFrameAt), limits.frameMs),
    'too-hot': temperatureC !== null && above('too-hot', temperatureC, limits.hotC),
    'memory-high':
      above('memory-high', memory.rssBytes, limits.rssBytes) ||
      below('memory-high', memory.freeBytes, limits.memoryFreeBytes),
    'restarting-often': facts.cutOffRuns > cutOffRunsMax,
    'document-refused': facts.isDocumentRefused,
    'update-refused': facts.isUpdateRefused,
  };
  return worstFirst.filter((issue) => found[issue]);
}
