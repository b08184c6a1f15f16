import type { Browser } from 'playwright-core';
import { temporaryDir } from '../../edge-agent/src/player/player.fixture.ts';
import { accountOf } from '../harness/screen/account.ts';
import { glassOf, watchGlass, type Glass } from '../harness/screen/glass.ts';
import { numberedFilm } from '../harness/screen/numbered-film.ts';
import { openScreenGate } from '../harness/screen/screen-gate.ts';
import type { Truth } from '../harness/screen/truth.ts';
import { waitUntil } from '../harness/wait-until.ts';

const transitions = 50;
const houseFrames = 60;
const soldFrames = 75;
/** Somebody comes in after so many transitions. */
const touchEvery = 4;

export interface Seams extends Pick<Glass, 'seamsMs' | 'blackMsMax' | 'standstillMsMax' | 'blindMsMax'> {
  readonly truth: Truth;
}

/** Fifty transitions on a page of this size: ambient clips that repeat, clips for people at the door in the middle of them, and back. */
export async function seamsAt(
  browser: Browser,
  size: { readonly width: number; readonly height: number },
): Promise<Seams> {
  const dir = await temporaryDir();
  const film = (no: number, frames: number) => numberedFilm(dir.path, { no, frames, ...size });
  const [house, sold] = [await film(1, houseFrames), await film(2, soldFrames)];
  const gate = await openScreenGate(dir.path, '07:30', { house: [{ film: house, segment: 'families' }], sold: [sold] });
  const page = await browser.newPage({ viewport: size });
  try {
    await watchGlass(page);
    await page.goto(gate.url);
    let touches = 0;
    await waitUntil(
      `${transitions} transitions`,
      async () => {
        const { length } = (await glassOf(page)).seamsMs;
        if (length >= (touches + 1) * touchEvery) {
          gate.open();
          touches += 1;
        }
        return length >= transitions;
      },
      { withinMs: 300_000, everyMs: 250 },
    );
    await waitUntil('the house’s clip', () => page.$('html[data-occasion=ambient]'), { withinMs: 20_000 });
    const { glass, truth } = await accountOf(page, gate, [house, sold]);
    return { ...glass, truth };
  } finally {
    await page.close();
    await gate.player.stop();
    await dir.remove();
  }
}
