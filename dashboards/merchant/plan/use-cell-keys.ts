import { useRef, useState, type KeyboardEvent } from 'react';
import { rectangle, stepOf, type Rows } from './grid-keys.ts';
import { cellAttribute, type EditCells } from './use-cell-paint.ts';
import { halfHoursPerDay } from './windows.ts';

interface CellKeysWish {
  readonly rows: Rows;
  readonly isBookable: (cell: number) => boolean;
  readonly onChange: EditCells;
}
interface CellKeys {
  /** The one cell that Tab stops at; arrows lead on from it. */
  readonly at: number;
  readonly moveTo: (cell: number) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

/**
 * The keyboard of a grid as WAI-ARIA describes it: arrows move, space and enter choose (they press the cell's button), shift and an arrow choose all from where
 * shift went down.
 */
export function useCellKeys({ rows, isBookable, onChange }: CellKeysWish): CellKeys {
  const [kept, moveTo] = useState(rows.first);
  const anchor = useRef<number | null>(null);
  const half = kept % halfHoursPerDay;
  const at = half >= rows.first && half < rows.last ? kept : kept - half + rows.first;

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const to = stepOf(event.key, at, rows);
    if (to === undefined) return;
    event.preventDefault();
    if (event.shiftKey) {
      const from = (anchor.current ??= at);
      onChange((before) => new Set([...before, ...rectangle(from, to).filter(isBookable)]));
    } else anchor.current = null;
    moveTo(to);
    event.currentTarget.querySelector<HTMLElement>(`[${cellAttribute}="${to}"]`)?.focus();
  }
  return { at, moveTo, onKeyDown };
}
