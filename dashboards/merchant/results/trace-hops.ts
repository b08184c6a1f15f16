import type { Trace } from '@gatecast/cloud-api/client';

/** One hop of a trace; `at` is null for a hop that was not reached, or (a play) is known by its half-hour only. */
export interface Hop {
  readonly name: 'play' | 'visit' | 'order' | 'paid' | 'pickup';
  readonly reached: boolean;
  readonly at: number | null;
}

/** The way from the screen to the counter. A scan always has a play before it, even where it cannot be told which. */
export function traceHops(trace: Trace): readonly Hop[] {
  const paid = trace.reached === 'paid' || trace.reached === 'picked-up';
  return [
    { name: 'play', reached: trace.play !== null, at: trace.play?.halfHour ?? null },
    { name: 'visit', reached: true, at: trace.visit.at },
    { name: 'order', reached: trace.order !== null, at: trace.order?.at ?? null },
    { name: 'paid', reached: paid, at: null },
    { name: 'pickup', reached: trace.pickup !== null, at: trace.pickup?.at ?? null },
  ];
}
