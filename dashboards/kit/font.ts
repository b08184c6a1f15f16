import { whenIdle } from './when-idle.ts';

/**
 * The Chinese web font, for machines without one. Asked for when the page is up and idle, so that nothing waits for it; without it the page is as it was.
 */
export function loadFontLater(): void {
  whenIdle(() =>
    import('./chinese-font.ts')
      .then((module) => module.fetchFontIfNeeded())
      // Whoever cannot fetch it now sees the page as it was, and asks again with the next page.
      .catch(() => undefined),
  );
}
