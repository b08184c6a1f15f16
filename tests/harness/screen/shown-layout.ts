import type { Page } from 'playwright-core';

/** What is wrong with how a page stands: empty where everything can be seen and read. */
export interface Layout {
  /** Words or codes that lie on each other. */
  readonly overlaps: readonly string[];
  /** What is outside the screen, or longer than its box. */
  readonly cutOff: readonly string[];
  /** What lies on a clip's picture and may not, and what may and reaches beyond its edge. */
  readonly onPicture: readonly string[];
  /** Words smaller than they may be. */
  readonly tooSmall: readonly string[];
  /** All words, as somebody reads them. */
  readonly words: string;
}

/** What belongs to the picture: the mark of a paid clip, its code, and what the property has to say at its foot. Each stays within it. */
const allowed = '.legal, .offer, .notice';
/** What takes its place on purpose. */
const covers = '.emergency, .advice, .enrolment';

/** Looks at every word and code that can be seen. `textPxMin` is the smallest that may have to be read. */
export const layoutOf = (page: Page, textPxMin: number): Promise<Layout> =>
  page.evaluate(look, { textPxMin, allowed, covers });

/** Runs in the page: it can use nothing from outside. */
function look({ textPxMin, allowed, covers }: Record<'allowed' | 'covers', string> & { textPxMin: number }): Layout {
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

  /** Where the clip's own pixels are: as large as the video or its still fits into its place. */
  const pictureOf = (): DOMRect | undefined => {
    const still = document.querySelector<HTMLCanvasElement>('canvas.clip:not([hidden])');
    const clip = still ?? document.querySelector<HTMLVideoElement>('.has-picture video.front');
    if (!clip) return undefined;
    const [width, height] =
      clip instanceof HTMLVideoElement ? [clip.videoWidth, clip.videoHeight] : [clip.width, clip.height];
    const place = clip.getBoundingClientRect();
    const fit = Math.min(place.width / width, place.height / height);
    const [x, y] = [place.x + (place.width - width * fit) / 2, place.y + (place.height - height * fit) / 2];
    return new DOMRect(x, y, width * fit, height * fit);
  };
  const picture = pictureOf();
  const onPicture = new Set<string>();
  const holdAgainstPicture = (element: Element, name: string): void => {
    if (!picture || element.closest(covers)) return;
    const own = element.closest(allowed);
    const box = (own ?? element.closest('figure') ?? element).getBoundingClientRect();
    const isBeyond =
      box.left < picture.left - 1 ||
      box.right > picture.right + 1 ||
      box.top < picture.top - 1 ||
      box.bottom > picture.bottom + 1;
    const isOn =
      box.left < picture.right - 1 &&
      box.right > picture.left + 1 &&
      box.top < picture.bottom - 1 &&
      box.bottom > picture.top + 1;
    if (own ? isBeyond : isOn) onPicture.add(name);
  };

  const pieces: Piece[] = [];
  const [tooSmall, cutOff, words]: [string[], string[], string[]] = [[], [], []];
  for (const element of document.body.querySelectorAll<HTMLElement>('*')) {
    if (!isSeen(element)) continue;
    const texts = [...element.childNodes].filter((node) => node instanceof Text && node.data.trim() !== '');
    const isPicture = element instanceof HTMLImageElement && element.complete && element.naturalWidth > 0;
    if (texts.length === 0 && !isPicture) continue;
    const size = Number.parseFloat(getComputedStyle(element).fontSize);
    // What ends in an ellipsis says itself that there is more.
    const isWhole = isPicture || getComputedStyle(element).textOverflow === 'ellipsis';
    const box = isWhole ? element.getBoundingClientRect() : inkOf(element, size);
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
    const card = element.closest('figure')?.getBoundingClientRect();
    if (card && (box.bottom > card.bottom || box.top < card.top || box.right > card.right))
      cutOff.push(`${name} of its card`);
    holdAgainstPicture(element, name);
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
  return { overlaps, onPicture: [...onPicture], cutOff: [...new Set(cutOff)], tooSmall, words: words.join(' | ') };
}
