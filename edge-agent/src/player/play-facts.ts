import type { PlayBody, PlayReport, ShownSpan } from '@gatecast/firmware-protocol/messages';

/** Half-open span on the agent's monotonic clock. */
export interface MonoSpan {
  readonly fromMono: number;
  readonly toMono: number;
}

export type PlayFacts = Pick<
  PlayBody,
  | 'rendered'
  | 'viewable'
  | 'completed'
  | 'shownMs'
  | 'framesPresented'
  | 'framesDropped'
  | 'muted'
  | 'endReason'
  | 'measuredBy'
>;

/** The three counters of proof of play (MRC; DESIGN 2.7): only what stood on the screen inside the window counts. */
const viewableMs = 2_000;
const completedPart = 0.75;

/** What a report proves of a clip of `durationMs` that was chosen at `decidedMono`. */
export function factsOf(report: PlayReport, decidedMono: number, durationMs: number, window: MonoSpan): PlayFacts {
  const inside = report.spans.map((span) => cut(span, decidedMono, window)).filter((span) => span.frames > 0);
  const shownMs = inside.reduce((sum, span) => sum + span.lengthMs, 0);
  return {
    rendered: inside.length > 0,
    viewable: inside.some((span) => span.lengthMs >= viewableMs),
    completed: shownMs >= durationMs * completedPart,
    shownMs: Math.round(shownMs),
    framesPresented: inside.reduce((sum, span) => sum + span.frames, 0),
    framesDropped: report.framesDropped,
    muted: report.muted,
    endReason: report.endReason,
    measuredBy: report.measuredBy,
  };
}

/** From the first frame inside the window to the last, or undefined. What is inferred from a clock proves no frame. */
export function provenSpan(report: PlayReport, decidedMono: number, window: MonoSpan): MonoSpan | undefined {
  if (report.measuredBy !== 'frames') return undefined;
  const inside = report.spans.filter((span) => cut(span, decidedMono, window).frames > 0);
  const [first, last] = [inside[0], inside.at(-1)];
  if (!first || !last) return undefined;
  return {
    fromMono: Math.max(decidedMono + first.fromMs, window.fromMono),
    toMono: Math.min(decidedMono + last.toMs, window.toMono),
  };
}

/** What of a span lies in the window; frames of a constant rate are spread evenly over it. */
function cut(span: ShownSpan, decidedMono: number, window: MonoSpan): { lengthMs: number; frames: number } {
  const from = Math.max(decidedMono + span.fromMs, window.fromMono);
  const to = Math.min(decidedMono + span.toMs, window.toMono);
  const whole = span.toMs - span.fromMs;
  const lengthMs = Math.max(0, to - from);
  if (whole === 0) return { lengthMs: 0, frames: from <= to ? span.frames : 0 };
  const cuts = lengthMs < whole;
  return { lengthMs, frames: cuts ? Math.ceil((span.frames * lengthMs) / whole) : span.frames };
}

export type ImpossibleClaim =
  | 'spans-out-of-order'
  | 'longer-than-the-decision'
  | 'longer-than-the-clip'
  | 'too-many-frames';

/** The page's timer and the agent's may differ by this much. */
const toleranceMs = 250;
const framesPerSecondMax = 125;

/** Why a report cannot be true, or undefined. `ageMs` is how long ago the choice was made; an ambient clip repeats without end. */
export function impossibleClaim(
  report: PlayReport,
  ageMs: number,
  durationMs: number,
  repeats: boolean,
): ImpossibleClaim | undefined {
  let last = 0;
  let shownMs = 0;
  for (const { fromMs, toMs, frames } of report.spans) {
    if (fromMs < last || toMs < fromMs) return 'spans-out-of-order';
    if (frames > framesMax(toMs - fromMs)) return 'too-many-frames';
    last = toMs;
    shownMs += toMs - fromMs;
  }
  if (last > ageMs + toleranceMs) return 'longer-than-the-decision';
  if (!repeats && shownMs > durationMs + 2 * toleranceMs) return 'longer-than-the-clip';
  if (report.framesDropped > framesMax(ageMs)) return 'too-many-frames';
  return undefined;
}

const framesMax = (ms: number) => Math.ceil(((ms + toleranceMs) * framesPerSecondMax) / 1_000);

/** A decision of which the page never told anything. */
export const screenGone: PlayFacts = {
  rendered: false,
  viewable: false,
  completed: false,
  shownMs: 0,
  framesPresented: 0,
  framesDropped: 0,
  muted: true,
  endReason: 'screen-gone',
  measuredBy: 'frames',
};
