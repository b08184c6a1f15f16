/** A span of time in whole or fractional milliseconds. */
export type DurationMs = number & { readonly durationMs: true };

/** A moment as milliseconds since 1970-01-01T00:00:00Z. */
export type InstantMs = number & { readonly instantMs: true };

export const milliseconds = (n: number): DurationMs => n as DurationMs;
export const seconds = (n: number): DurationMs => milliseconds(n * 1_000);
export const minutes = (n: number): DurationMs => seconds(n * 60);
export const hours = (n: number): DurationMs => minutes(n * 60);
export const days = (n: number): DurationMs => hours(n * 24);

export const instant = (msSince1970: number): InstantMs => msSince1970 as InstantMs;
export const after = (at: InstantMs, span: DurationMs): InstantMs => instant(at + span);
export const elapsed = (from: InstantMs, to: InstantMs): DurationMs => milliseconds(to - from);

export const halfHourMs = minutes(30);

/** The start of the half-hour that holds `at`; half-hours are aligned to UTC, as every zone in use is a multiple of 30 min. */
export const halfHourOf = (at: InstantMs): InstantMs => instant(at - (at % halfHourMs));

/** Wall time for what people read, monotonic time for what must not jump. Passed in, never read from the globals. */
export interface Clock {
  now(): InstantMs;
  /** Milliseconds since some fixed point of this boot; never goes back. */
  mono(): DurationMs;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => instant(Date.now()),
  mono: () => milliseconds(performance.now()),
};

export interface ManualClock extends Clock {
  /** Both clocks move on. */
  advance(span: DurationMs): void;
  /** Only the wall clock moves, as when somebody sets it. */
  set(at: InstantMs): void;
}

/** A clock that stands still until a test moves it. */
export function manualClock(at: InstantMs = instant(0)): ManualClock {
  let wall = at;
  let mono = milliseconds(0);
  return {
    now: () => wall,
    mono: () => mono,
    advance(span) {
      wall = after(wall, span);
      mono = milliseconds(mono + span);
    },
    set(to) {
      wall = to;
    },
  };
}
