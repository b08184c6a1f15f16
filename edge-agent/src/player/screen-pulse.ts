import { instant, type Clock, type InstantMs } from '@gatecast/firmware-protocol';
import { screenPulseEveryMs, type ScreenPulse } from '@gatecast/firmware-protocol/messages';

/** A page that says nothing for so long is gone or hangs. */
const silentAfterMs = 3 * screenPulseEveryMs;
/** Clips follow each other without a break: a screen without a frame for so long is dark. */
const darkAfterMs = 10_000;

/** What the screen was last seen to do. */
export interface ScreenSight {
  /** When a page last told of a frame that stood on it; null: none did since the agent began. */
  lastFrameAt(): InstantMs | null;
  /** A page is there and presents frames. */
  isPresenting(): boolean;
}

export interface ScreenPulses extends ScreenSight {
  heard(pulse: ScreenPulse): void;
}

export function createScreenPulses(clock: Clock): ScreenPulses {
  let heardMono = -Infinity;
  let frame: { readonly at: InstantMs; readonly mono: number } | undefined;
  return {
    heard({ sinceFrameMs }) {
      heardMono = clock.mono();
      if (sinceFrameMs === null) return;
      const mono = heardMono - sinceFrameMs;
      // Of several pages the one that presents counts.
      if (!frame || mono > frame.mono) frame = { at: instant(clock.now() - sinceFrameMs), mono };
    },
    lastFrameAt: () => frame?.at ?? null,
    isPresenting() {
      const now = clock.mono();
      return now - heardMono <= silentAfterMs && frame !== undefined && now - frame.mono <= darkAfterMs + silentAfterMs;
    },
  };
}
