import type { ShownSpan, shownSpansMax } from '@gatecast/firmware-protocol/messages';

/** Frames further apart than this do not follow each other without a break. */
const breakMs = 250;

/** As many as a report may hold; only the type is taken over, for the value would bring zod along. */
export const spansMax: typeof shownSpansMax = 64;

export interface ShownSpans {
  /** A frame stands on the screen, `atMs` after the decision; `advanced` counts the frames since the last call, those included that the page did not hear of. */
  frame(atMs: number, advanced: number): void;
  /** Something covers the picture, or another takes its place: what comes next is a new run. */
  interrupt(): void;
  readonly list: readonly ShownSpan[];
}

/** Joins frames into runs. A clip that repeats for hours may be broken more often than a report can tell: the later runs go untold. */
export function createShownSpans(): ShownSpans {
  const list: { fromMs: number; toMs: number; frames: number }[] = [];
  let joins = false;
  return {
    list,
    frame(atMs, advanced) {
      const at = Math.max(0, Math.round(atMs));
      const run = list[list.length - 1];
      if (run && joins && at >= run.toMs && at - run.toMs <= breakMs) {
        run.frames += Math.max(1, advanced);
        run.toMs = at;
      } else if (list.length < spansMax && (!run || at >= run.toMs)) {
        list.push({ fromMs: at, toMs: at, frames: 1 });
        joins = true;
      }
    },
    interrupt() {
      joins = false;
    },
  };
}
