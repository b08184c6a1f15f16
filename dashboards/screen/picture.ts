/**
 * Draws what stands on the page: a page may not photograph itself, so the clip's current frame and the words, colours and codes around it are
 * painted again where the browser has laid them out. Dots of somebody who types are left out: their number is nobody's business.
 */

/** Enough to read a notice; a screen of 1080 × 1920 is drawn at two thirds. */
const sideMax = 1_280;
/** The agent takes no longer ones. */
const bytesMax = 400 * 1_024;
const qualities = [0.8, 0.6, 0.4, 0.2];
/** The dimming too: who looks from afar wants to read it. */
const leftOut = '.dots, .dim, script, style';

/** A JPEG of the page as it is now. Rejects when the browser cannot draw it, or not short enough. */
export async function pictureOfPage(): Promise<Blob> {
  const scale = Math.min(1, sideMax / Math.max(innerWidth, innerHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(innerWidth * scale);
  canvas.height = Math.round(innerHeight * scale);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) throw new Error('this browser draws nothing');
  context.scale(scale, scale);
  paint(context, document.body, 1);
  for (const quality of qualities) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
    if (blob && blob.size <= bytesMax) return blob;
  }
  throw new Error('the picture is too long');
}

/** An element, then what is in it, what lies further in front later. */
function paint(context: CanvasRenderingContext2D, element: Element, opacityAround: number): void {
  const style = getComputedStyle(element);
  const opacity = opacityAround * Number(style.opacity);
  if (element.matches(leftOut) || style.display === 'none' || opacity === 0) return;
  if (style.visibility === 'visible') {
    context.globalAlpha = opacity;
    paintBox(context, element, style);
    for (const node of element.childNodes) if (node instanceof Text) paintText(context, node, style);
  }
  for (const child of inOrder(element)) paint(context, child, opacity);
}

function inOrder(element: Element): Element[] {
  const depthOf = (child: Element): number => Number.parseInt(getComputedStyle(child).zIndex, 10) || 0;
  return [...element.children].sort((a, b) => depthOf(a) - depthOf(b));
}

function paintBox(context: CanvasRenderingContext2D, element: Element, style: CSSStyleDeclaration): void {
  const box = element.getBoundingClientRect();
  context.fillStyle = style.backgroundColor;
  context.beginPath();
  // Browsers before 2022 draw square corners.
  if ('roundRect' in context)
    context.roundRect(box.x, box.y, box.width, box.height, Number.parseFloat(style.borderTopLeftRadius) || 0);
  else (context as CanvasRenderingContext2D).rect(box.x, box.y, box.width, box.height);
  context.fill();
  if (element instanceof HTMLImageElement && element.complete && element.naturalWidth > 0)
    context.drawImage(element, box.x, box.y, box.width, box.height);
  if (element instanceof HTMLVideoElement && element.classList.contains('front'))
    paintFrame(context, element, [element.videoWidth, element.videoHeight], box);
  if (element instanceof HTMLCanvasElement) paintFrame(context, element, [element.width, element.height], box);
}

/** The whole frame, as large as it fits. A video without one draws nothing. */
function paintFrame(
  context: CanvasRenderingContext2D,
  frame: HTMLVideoElement | HTMLCanvasElement,
  [width, height]: readonly [number, number],
  box: DOMRect,
): void {
  if (width === 0) return;
  const fit = Math.min(box.width / width, box.height / height);
  const [x, y] = [box.x + (box.width - width * fit) / 2, box.y + (box.height - height * fit) / 2];
  context.drawImage(frame, x, y, width * fit, height * fit);
}

/** Line by line, as the browser has broken it. */
function paintText(context: CanvasRenderingContext2D, text: Text, style: CSSStyleDeclaration): void {
  context.fillStyle = style.color;
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.letterSpacing = style.letterSpacing === 'normal' ? '0px' : style.letterSpacing;
  context.textBaseline = 'middle';
  for (const { words, box } of linesOf(text)) context.fillText(words, box.x, box.y + box.height / 2);
}

interface Line {
  words: string;
  readonly box: DOMRect;
}

function linesOf(text: Text): Line[] {
  const range = document.createRange();
  const lines: Line[] = [];
  let offset = 0;
  for (const character of text.data) {
    range.setStart(text, offset);
    range.setEnd(text, (offset += character.length));
    const box = range.getClientRects()[0];
    const line = lines[lines.length - 1];
    if (!box || box.width === 0) continue;
    if (line && Math.abs(line.box.y - box.y) < box.height / 2) line.words += character;
    else lines.push({ words: character, box });
  }
  return lines;
}
