import type { Page } from 'playwright-core';
import { glassOf, type Glass } from './glass.ts';
import type { Film } from './numbered-film.ts';
import type { ScreenGate } from './screen-gate.ts';
import { truthOf, type Truth } from './truth.ts';

/** What the observer has read from the glass until now, beside what the journal holds; the play that is on is in neither. */
export async function accountOf(
  page: Page,
  gate: ScreenGate,
  films: readonly Film[],
): Promise<{ readonly glass: Glass; readonly truth: Truth }> {
  const on = await page.evaluate(() => document.documentElement.dataset['decision']);
  const glass = await glassOf(page);
  const seen = glass.seen.filter(({ decision }) => decision !== on);
  const plays = gate.plays().filter(({ decision }) => decision !== on);
  const durations = new Map(films.map(({ clip }) => [clip.sha256, clip.durationMs]));
  return { glass, truth: truthOf(seen, plays, (clip) => durations.get(clip) ?? 0) };
}
