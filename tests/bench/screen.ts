import { buildDashboards } from '../../dashboards/build.ts';
import { openBrowser } from '../harness/browser.ts';
import type { Bench } from './bench.ts';
import { quantile, rounded } from './median.ts';
import { doorToFrame } from './screen-door.ts';
import { seamsAt, type Seams } from './screen-seams.ts';

const sizes = { small: { width: 352, height: 640 }, full: { width: 720, height: 1280 } } as const;

/**
 * The screen page in a real Chromium with real clips. Seams and black over fifty transitions, small and at the size of profile B, each frame read from the
 * glass; and from the last key at the simulated door to the first frame through all programs. One turn of a 60 Hz panel is 16.7 ms, one frame of a clip
 * 40 ms: a seam below that is none.
 */
export const run: Bench = async (say) => {
  await buildDashboards();
  const browser = await openBrowser();
  try {
    const small = await seamsAt(browser, sizes.small);
    tell(say, '352×640', small);
    const full = await seamsAt(browser, sizes.full);
    tell(say, '720×1280', full);
    const { readyMs, coldMs, inPageMs } = await doorToFrame(browser);
    say(`door to frame: ready ${readyMs.map(Math.round).join(' ')}; cold ${coldMs.map(Math.round).join(' ')} ms`);
    return {
      eventToFrameMsP95: rounded(quantile(readyMs, 0.95), 0),
      eventToFrameMsP50: rounded(quantile(readyMs, 0.5), 0),
      coldEventToFrameMsP95: rounded(quantile(coldMs, 0.95), 0),
      decisionToFrameMsP95: rounded(quantile(inPageMs, 0.95), 0),
      blackMsMax: rounded(Math.max(small.blackMsMax, full.blackMsMax), 0),
      seamMsP95: rounded(quantile(full.seamsMs, 0.95), 0),
      seamMsP50: rounded(quantile(full.seamsMs, 0.5), 0),
      smallSeamMsP95: rounded(quantile(small.seamsMs, 0.95), 0),
      transitions: full.seamsMs.length + small.seamsMs.length,
      truthPercent: rounded(Math.min(full.truth.framePercent, small.truth.framePercent), 3),
    };
  } finally {
    await browser.close();
  }
};

function tell(say: (line: string) => void, size: string, { seamsMs, truth, ...rest }: Seams): void {
  const { blackMsMax, standstillMsMax, blindMsMax } = rest;
  say(
    `${size}: seams ${seamsMs.map(Math.round).join(' ')} ms; black ${Math.round(blackMsMax)}, longest step ${Math.round(standstillMsMax)}, ` +
      `observer held up ${Math.round(blindMsMax)} ms; journal ${truth.framesJournalled} of ${truth.framesSeen} frames, ${truth.framesApart} apart, ` +
      `wrong ${truth.wrong.length}, missing ${truth.missing.length}`,
  );
}
