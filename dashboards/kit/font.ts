import { whenIdle } from './when-idle.ts';

/**
 * The Chinese web font, for machines without one (fonts of the system come first in `--font`, and the browser fetches a slice only
 * when it has to draw one of its characters). Asked for when the page is up and idle, so that nothing waits for it; without it the page
 * is as it was.
 */
export function loadFontLater(): void {
  whenIdle(() => import('@fontsource-variable/noto-sans-sc').catch(() => undefined));
}
