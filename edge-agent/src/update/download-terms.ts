import { setTimeout as sleep } from 'node:timers/promises';
import { inDailyWindow, localTime, type Clock, type InstantMs } from '@gatecast/firmware-protocol';
import type { DownloadTerms } from '@gatecast/firmware-protocol/messages';

/** No wait is longer: whoever waits can be told to stop, and a connection that waits is seen to live. */
const sliceMs = 1_000;

/** Keeps a download at or below so many bytes a second, over all of it. */
export function paceOf({ bytesPerSecondMax }: DownloadTerms, clock: Pick<Clock, 'mono'>) {
  if (bytesPerSecondMax === null) return undefined;
  const since = clock.mono();
  let read = 0;
  return async (bytes: number, alive: () => void, signal: AbortSignal): Promise<void> => {
    read += bytes;
    for (;;) {
      const earlyMs = (read / bytesPerSecondMax) * 1_000 - (clock.mono() - since);
      if (earlyMs <= 0) return;
      await sleep(Math.min(earlyMs, sliceMs), undefined, { signal });
      alive();
    }
  };
}

/** Whether a release may be fetched now. Where no configuration has said what the local time is, at any time. */
export function isOpen({ window }: DownloadTerms, now: InstantMs, zone: string | undefined): boolean {
  return window === null || zone === undefined || inDailyWindow(localTime(now, zone).minute, window);
}
