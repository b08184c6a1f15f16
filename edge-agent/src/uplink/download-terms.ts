import { setTimeout as sleep } from 'node:timers/promises';
import { inDailyWindow, localTime, type Clock, type InstantMs } from '@gatecast/firmware-protocol';
import type { DownloadTerms } from '@gatecast/firmware-protocol/messages';

/** No wait is longer: whoever waits can be told to stop, and a connection that waits is seen to live. */
const sliceMs = 1_000;

type Wait = (ms: number, signal: AbortSignal) => Promise<void>;
const waited: Wait = (ms, signal) => sleep(ms, undefined, { signal });

/** Keeps a download at or below so many bytes a second, over all of it. */
export function paceOf(
  { bytesPerSecondMax }: Pick<DownloadTerms, 'bytesPerSecondMax'>,
  clock: Pick<Clock, 'mono'>,
  wait: Wait = waited,
) {
  if (bytesPerSecondMax === null) return undefined;
  const since = clock.mono();
  let read = 0;
  return async (bytes: number, alive: () => void, signal: AbortSignal): Promise<void> => {
    read += bytes;
    for (;;) {
      const earlyMs = (read / bytesPerSecondMax) * 1_000 - (clock.mono() - since);
      if (earlyMs <= 0) return;
      await wait(Math.min(earlyMs, sliceMs), signal);
      alive();
    }
  };
}

/** Whether a window is open now. Where no configuration has said what the local time is, at any time. */
export function isOpen(window: DownloadTerms['window'], now: InstantMs, zone: string | undefined): boolean {
  return window === null || zone === undefined || inDailyWindow(localTime(now, zone).minute, window);
}
