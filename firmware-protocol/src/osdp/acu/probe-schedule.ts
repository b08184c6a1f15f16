import { PROBE_PATIENCE_MS, PROBE_SPACING_MS } from '../frame/bus-timing.ts';

/** Keys that never end would hide a device that has come back: after so long without any probe, one is let through. */
export const PROBE_STARVED_MS = 30_000;
/** Something that has to come second when both are due at once. */
const JUST_AFTER_MS = 0.001;

/** How the bus stands, as far as it concerns who is not there. Monotonic milliseconds. */
export interface BusLoad {
  /** When the line has been idle for long enough. */
  readonly idleUntilMs: number;
  readonly lastProbeMs: number;
  /** What a probe of a dead device takes of the bus. */
  readonly probeCostMs: number;
  /** When the next live device wants the bus; infinite without any. */
  readonly liveDueMs: number;
  /** Until then somebody is thought to stand at a door of a live device. */
  readonly doorBusyUntilMs: number;
  /** Commands wait for a live device. */
  readonly hasQueue: boolean;
}

/**
 * When an offline device that is due at `dueMs` may be probed. Probes give way to whoever is alive: none while somebody is at a door,
 * and each where it fits between two polls.
 */
export function probeAtMs(dueMs: number, load: BusLoad): number {
  const { idleUntilMs, lastProbeMs, probeCostMs, liveDueMs } = load;
  if (liveDueMs === Number.POSITIVE_INFINITY) {
    return dueMs;
  }
  const earliestMs = Math.max(dueMs, quietAtMs(dueMs, load), lastProbeMs + PROBE_SPACING_MS);
  if (liveDueMs > earliestMs + PROBE_PATIENCE_MS) {
    // Due for longer than whoever is alive.
    return earliestMs;
  }
  const startMs = Math.max(earliestMs, idleUntilMs);
  return startMs + probeCostMs <= liveDueMs ? startMs : liveDueMs + JUST_AFTER_MS;
}

function quietAtMs(dueMs: number, { lastProbeMs, doorBusyUntilMs, hasQueue }: BusLoad): number {
  const starvedMs = Math.max(lastProbeMs, dueMs) + PROBE_STARVED_MS;
  const isStarvable = !hasQueue && Number.isFinite(starvedMs);
  return isStarvable ? Math.min(doorBusyUntilMs, starvedMs) : doorBusyUntilMs;
}
