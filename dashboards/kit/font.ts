/**
 * The Chinese web font, for machines without one (fonts of the system come first in `--font`, and the browser fetches a slice only
 * when it has to draw one of its characters). Asked for when the page is up and idle, so that nothing waits for it.
 */
export function loadFontLater(): void {
  const load = (): void => void import('@fontsource-variable/noto-sans-sc').catch(() => undefined);
  if ('requestIdleCallback' in window) requestIdleCallback(load, { timeout: 3_000 });
  else addEventListener('load', load, { once: true });
}
