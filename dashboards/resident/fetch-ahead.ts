/** Fetches the code of pages that are likely to come next, once the browser has nothing better to do. */
export function fetchAhead(pages: readonly (() => Promise<unknown>)[]): void {
  // Fetching ahead is a favour: where it fails, the page is fetched again when it is wanted.
  const fetchAll = (): void => pages.forEach((page) => void page().catch(() => undefined));
  if ('requestIdleCallback' in window) requestIdleCallback(fetchAll, { timeout: 4_000 });
  else setTimeout(fetchAll, 1_500);
}
