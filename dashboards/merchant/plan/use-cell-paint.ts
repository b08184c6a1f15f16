import { useEffect, useRef, useState, type PointerEvent } from 'react';

/** What becomes of the chosen cells at that moment: a stroke leaves one cell and enters the next in one turn. */
export type EditCells = (edit: (cells: ReadonlySet<number>) => ReadonlySet<number>) => void;
/** Names the cell on its button, so that what lies under a finger is found. */
export const cellAttribute = 'data-cell';

/** A finger that rests so long paints; one that moves on before scrolls the page. */
const restMs = 250;
/** A finger that rests may tremble so far. */
const trembleRadius = 10;

interface Stroke {
  /** What the first cell becomes, all that are painted over become. */
  readonly becomes: boolean;
  readonly firstCell: number;
  painted: boolean;
}
export interface CellPaint {
  readonly isPainting: boolean;
  /** A click; of the keyboard it is never the end of a stroke. */
  readonly toggle: (cell: number, isKeyboard: boolean) => void;
  readonly events: {
    readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onContextMenu: (event: { preventDefault(): void }) => void;
  };
}

const bookableCellOf = (element: Element | null): number | undefined => {
  const button = element?.closest(`[${cellAttribute}]`);
  const isOpen = button && button.getAttribute('aria-disabled') !== 'true';
  return isOpen ? Number(button.getAttribute(cellAttribute)) : undefined;
};

function painted(before: ReadonlySet<number>, cell: number, isChosen: boolean): ReadonlySet<number> {
  if (before.has(cell) === isChosen) return before;
  const next = new Set(before);
  if (isChosen) next.add(cell);
  else next.delete(cell);
  return next;
}

function stopWaiting(resting: { current: ReturnType<typeof setTimeout> | null }): void {
  if (resting.current !== null) clearTimeout(resting.current);
  resting.current = null;
}

/** Painting over cells: with the mouse at once, with a finger once it has rested on one, so that the page still scrolls. */
export function useCellPaint(cells: ReadonlySet<number>, onChange: EditCells): CellPaint {
  const stroke = useRef<Stroke | null>(null);
  const start = useRef({ x: 0, y: 0 });
  const resting = useRef<ReturnType<typeof setTimeout> | null>(null);
  /** The click that ends a stroke is part of it. */
  const isStrokesClick = useRef(false);
  const [isPainting, setPainting] = useState(false);

  const set = (cell: number, isChosen: boolean): void => onChange((before) => painted(before, cell, isChosen));
  useEffect(() => {
    const end = (): void => {
      stopWaiting(resting);
      isStrokesClick.current = stroke.current?.painted ?? false;
      stroke.current = null;
      setPainting(false);
    };
    // Only a listener that is not passive may keep the page from scrolling under a finger that paints.
    const hold = (event: TouchEvent): void => {
      if (stroke.current && event.cancelable) event.preventDefault();
    };
    addEventListener('pointerup', end);
    addEventListener('pointercancel', end);
    addEventListener('touchmove', hold, { passive: false });
    return () => {
      end();
      removeEventListener('pointerup', end);
      removeEventListener('pointercancel', end);
      removeEventListener('touchmove', hold);
    };
  }, []);

  function begin(firstCell: number, isFinger: boolean): void {
    const becomes = !cells.has(firstCell);
    stroke.current = { becomes, firstCell, painted: isFinger };
    if (!isFinger) return;
    // A finger covers what it rests on: the cell changes as soon as the stroke begins.
    set(firstCell, becomes);
    setPainting(true);
  }
  function onPointerDown({ target, pointerType, clientX, clientY, button }: PointerEvent<HTMLElement>): void {
    isStrokesClick.current = false;
    const cell = target instanceof Element ? bookableCellOf(target) : undefined;
    if (cell === undefined || button !== 0) return;
    if (pointerType === 'mouse') return begin(cell, false);
    start.current = { x: clientX, y: clientY };
    resting.current = setTimeout(() => begin(cell, true), restMs);
  }
  function onPointerMove({ clientX, clientY }: PointerEvent<HTMLElement>): void {
    if (Math.hypot(clientX - start.current.x, clientY - start.current.y) > trembleRadius) stopWaiting(resting);
    const now = stroke.current;
    if (!now) return;
    // A finger's events stay with the cell where it began.
    const cell = bookableCellOf(document.elementFromPoint(clientX, clientY));
    if (cell === undefined || (cell === now.firstCell && !now.painted)) return;
    if (!now.painted) set(now.firstCell, now.becomes);
    now.painted = true;
    setPainting(true);
    set(cell, now.becomes);
  }
  return {
    isPainting,
    toggle(cell, isKeyboard) {
      if (isKeyboard || !isStrokesClick.current) set(cell, !cells.has(cell));
      isStrokesClick.current = false;
    },
    events: { onPointerDown, onPointerMove, onContextMenu: (event) => void (stroke.current && event.preventDefault()) },
  };
}
