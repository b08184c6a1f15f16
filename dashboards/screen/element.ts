/** An element of the page's own markup. Throws if the markup and the scripts have parted. */
export function element(selector: string): HTMLElement;
export function element<T extends HTMLElement>(selector: string, kind: new () => T): T;
export function element(selector: string, kind: new () => HTMLElement = HTMLElement): HTMLElement {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the page has no ${selector}`);
  return found;
}
