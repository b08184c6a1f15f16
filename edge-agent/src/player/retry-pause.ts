import { minutes, seconds } from '@gatecast/firmware-protocol';

export interface RetryPause {
  /** A round of work begins: only what is asked from now on ends the next pause early. */
  begin(): void;
  /** Resolves when it is asked for, or, after failures, when it is time to try again. */
  untilDue(failuresInARow: number): Promise<void>;
  end(): void;
}

const firstMs = seconds(1);
const longestMs = minutes(1);

/** Pauses between tries that double from 1 s to 1 min, scattered, so that terminals that lost the cloud together do not come back together. */
export function createRetryPause(): RetryPause {
  let isAsked = false;
  let wake = (): void => undefined;
  return {
    begin() {
      isAsked = false;
    },
    async untilDue(failuresInARow) {
      if (isAsked) return;
      const ceilingMs = Math.min(longestMs, firstMs * 2 ** (failuresInARow - 1));
      await new Promise<void>((resolve) => {
        const timer = failuresInARow > 0 ? setTimeout(resolve, ceilingMs * (0.5 + Math.random() / 2)) : undefined;
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
    end() {
      isAsked = true;
      wake();
    },
  };
}
