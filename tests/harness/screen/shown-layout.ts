import type { Page } from 'playwright-core';

/** What is wrong with how a page stands: empty where everything can be seen and read. */
export interface Layout {
  /** Words or codes that lie on each other. */
  readonly overlaps: readonly string[];
  /** What is outside the screen, or longer than its box. */
  readonly cutOff: readonly string[];
  /** Words smaller than they may be. */
  readonly tooSmall: readonly string[];
  /** All words, as somebody reads them. */
  readonly words: string;
}

/** Looks at every word and code that can be seen. `textPxMin` is the smallest that may have to be read. */
export const layoutOf = (page: Page, textPxMin: number): Promise<Layout> => page.evaluate(look, textPxMin);

/** Runs in the page: it can use nothing from outside. */
function look(textPxMin: number): Layout {
  interface Piece {
    readonly name: string;
    readonly box: DOMRect;
    readonly inside: Element;
  }
  const nameOf = (element: Element) => `.${element.className || element.tagName.toLowerCase()}`;
  const isSeen = (element: Element): boolean => {
    const style = getComputedStyle(element);
    if (style.visibility !== 'visible' || style.display === 'none') return false;
    for (let at: Element | null = element; at; at = at.parentElement) {
      if (getComputedStyle(at).opacity === '0' || getComputedStyle(at).display === 'none') return false;
    }
    return true;
  };
  /** Something opaque lies over it, as an emergency does over the picture. */
  const isCovered = (element: Element, box: DOMRect): boolean => {
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const all = document.elementsFromPoint(x, y).filter((one) => !one.classList.contains('dim'));
    const above = all.slice(0, Math.max(0, all.indexOf(element)));
    return above.some((one) => !element.contains(one) && !one.contains(element) && isOpaque(one));
  };
  const isOpaque = (element: Element): boolean => {
    const { backgroundColor, opacity } = getComputedStyle(element);
    return opacity === '1' && backgroundColor.startsWith('rgb(');
  };

  /** Where the characters stand: fonts for Chinese claim half as much again above and below. */
  const inkOf = (element: Element, size: number): DOMRect => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const all = range.getBoundingClientRect();
    const line = range.getClientRects()[0]?.height ?? 0;
    const spare = Math.max(0, line - size) / 2;
    return new DOMRect(all.x, all.y + spare, all.width, all.height - 2 * spare);
  };

  const pieces: Piece[] = [];
  const [tooSmall, cutOff, words]: [string[], string[], string[]] = [[], [], []];
  for (const element of document.body.querySelectorAll<HTMLElement>('*')) {
    if (!isSeen(element)) continue;
    const texts = [...element.childNodes].filter((node) => node instanceof Text && node.data.trim() !== '');
    const isPicture = element instanceof HTMLImageElement && element.complete && element.naturalWidth > 0;
    if (texts.length === 0 && !isPicture) continue;
    const size = Number.parseFloat(getComputedStyle(element).fontSize);
    const box = isPicture ? element.getBoundingClientRect() : inkOf(element, size);
    if (box.width === 0 || box.height === 0 || isCovered(element, box)) continue;
    const text = element.textContent.trim();
    const name = `${nameOf(element)} «${text.slice(0, 24)}»`;
    if (!isPicture) words.push(text);
    if (!isPicture && size < textPxMin) tooSmall.push(`${name} ${size.toFixed(1)} px`);
    const isOut = box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1;
    if (isOut) cutOff.push(name);
    for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) {
      const { overflow, overflowX } = getComputedStyle(at);
      if (overflow === 'visible' && overflowX === 'visible') continue;
      const around = at.getBoundingClientRect();
      const isCut =
        box.left < around.left - 1 ||
        box.right > around.right + 1 ||
        box.top < around.top - 1 ||
        box.bottom > around.bottom + 1;
      if (isCut) cutOff.push(`${name} in ${nameOf(at)}`);
    }
    pieces.push({ name, box, inside: element });
  }
  const overlaps: string[] = [];
  pieces.forEach((one, index) => {
    for (const other of pieces.slice(index + 1)) {
      if (one.inside.contains(other.inside) || other.inside.contains(one.inside)) continue;
      const width = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const height = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      // Lines of one paragraph may share a pixel or two of their leading.
      if (width > 2 && height > 4) overlaps.push(`${one.name} × ${other.name}`);
    }
  });
  return { overlaps, cutOff: [...new Set(cutOff)], tooSmall, words: words.join(' | ') };
}
