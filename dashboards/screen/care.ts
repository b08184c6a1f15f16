import { createRenewal } from './renewal.ts';
import type { Stage } from './stage.ts';

const lookEveryMs = 5_000;
/** There is something to show, and for so long no frame came. */
const darkMs = 60_000;
/** So many clips failed that it may be the browser. */
const faultsMax = 20;
/** What a browser forgets to free in a day's clips is freed then. */
const ageMs = 24 * 60 * 60_000;

export interface Care {
  /** The agent serves this build of the page. */
  servedBy(page: string): void;
}

/**
 * Looks after a page that nobody touches for months: it begins anew when it stays dark, when clip after clip fails, once a day, and when the agent serves
 * another build; never while somebody is at the door, nor while the agent is away: in place of the page there would be the browser's word of that, for good.
 */
export function careFor(stage: Pick<Stage, 'isDue' | 'isTouch' | 'presentedAtMs' | 'faults' | 'close'>): Care {
  const renewal = createRenewal(sessionStorage, () => renewPage(stage), Date.now);
  addEventListener('pagehide', () => stage.close());
  let loadedFrom: string | undefined;
  let isOutdated = false;
  let freshAtMs = performance.now();
  let isAsking = false;
  const askThenRenew = async () => {
    isAsking = true;
    const isServed = await isPageServed();
    isAsking = false;
    if (isServed && !stage.isTouch) renewal.renew();
  };
  setInterval(() => {
    const now = performance.now();
    const sinceFrameMs = now - (stage.presentedAtMs ?? 0);
    if (document.hidden || !stage.isDue || sinceFrameMs < lookEveryMs) freshAtMs = now;
    const isWanted = isOutdated || now - freshAtMs > darkMs || stage.faults >= faultsMax || now > ageMs;
    if (isWanted && !isAsking && !stage.isTouch) void askThenRenew();
  }, lookEveryMs);
  return {
    servedBy(page) {
      loadedFrom ??= page;
      isOutdated = page !== loadedFrom;
    },
  };
}

const isPageServed = (): Promise<boolean> =>
  fetch(location.href, { cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );

/** What was shown until now is told first. */
function renewPage(stage: Pick<Stage, 'close'>): void {
  stage.close();
  location.reload();
}
