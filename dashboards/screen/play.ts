import type { PlayReport, ScreenDecision } from '@gatecast/firmware-protocol/messages';
import { sendReport } from './play-report.ts';
import { measuredBy } from './presented-frames.ts';
import { createShownSpans } from './shown-spans.ts';

/** One decision on this page, from the moment it came until it is reported. */
export interface Play {
  readonly decision: ScreenDecision;
  /** A frame stands on the screen in full view; `advanced` counts those since the last call. */
  frame(atMs: number, advanced: number): void;
  interrupt(): void;
  /** Its sound could be heard. */
  heard(): void;
  dropped(frames: number): void;
  /** Reports it; once. */
  end(reason: PlayReport['endReason']): void;
}

const marksMax = 500;

export function createPlay(decision: ScreenDecision): Play {
  const beganMs = performance.now() - decision.ageMs;
  const spans = createShownSpans();
  let framesDropped = 0;
  let wasHeard = false;
  let isOver = false;
  // A screen runs for months.
  if (performance.getEntriesByType('mark').length > marksMax) performance.clearMarks();
  performance.mark(`decision:${decision.decision}`);
  return {
    decision,
    frame(atMs, advanced) {
      const isFirst = spans.list.length === 0;
      spans.frame(atMs - beganMs, advanced);
      if (isFirst) noteFirstFrame(decision, atMs - beganMs);
    },
    interrupt: () => spans.interrupt(),
    heard() {
      wasHeard = true;
    },
    dropped(frames) {
      framesDropped += Math.max(0, frames);
    },
    end(endReason) {
      // A page that nobody can see leaves the telling to the one on the screen.
      const isIdle = spans.list.length === 0 && document.hidden;
      if (isOver || isIdle) return;
      isOver = true;
      sendReport({
        decision: decision.decision,
        spans: spans.list.slice(),
        framesDropped,
        muted: !wasHeard,
        endReason,
        measuredBy,
      });
    },
  };
}

/** For the benchmark of a door event's way to the screen. */
function noteFirstFrame({ decision }: ScreenDecision, afterMs: number): void {
  performance.mark(`first-frame:${decision}`);
  document.documentElement.dataset['firstFrameMs'] = String(Math.round(afterMs));
}
