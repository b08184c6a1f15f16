const latestMs = 3_000;

/** Does something that the first view can wait for: when the page is idle, after three seconds at the latest. */
export function whenIdle(work: () => unknown): void {
  if ('requestIdleCallback' in window) requestIdleCallback(() => void work(), { timeout: latestMs });
  else setTimeout(() => void work(), latestMs);
}
