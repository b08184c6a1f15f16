import { useEffect, useRef } from 'react';

export interface ReviewKeys {
  readonly tick: (index: number) => void;
  readonly play: () => void;
  readonly approve: () => void;
  readonly reject: () => void;
  readonly skip: () => void;
}

const digits = /^[1-9]$/;

/** What a key stands for; undefined: nothing here. Pure, so that the list of keys is one table. */
export function keyAction(key: string, keys: ReviewKeys): (() => void) | undefined {
  if (digits.test(key)) return () => keys.tick(Number(key) - 1);
  const others: Readonly<Record<string, () => void>> = {
    ' ': keys.play,
    a: keys.approve,
    r: keys.reject,
    n: keys.skip,
  };
  return others[key.toLowerCase()];
}

/** Listens as long as the page is open. Whoever types, or has a dialog before them, means that and not the page. */
export function useReviewKeys(keys: ReviewKeys): void {
  const newest = useRef(keys);
  useEffect(() => {
    newest.current = keys;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return;
      const act = keyAction(event.key, newest.current);
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
}

const isBusy = (target: EventTarget | null): boolean =>
  document.querySelector('[role="dialog"]:not([aria-hidden="true"])') !== null ||
  (target instanceof Element &&
    target.closest(
      'input:not([type="checkbox"]), textarea, select, button, a, video, [role="combobox"], .ant-select',
    ) !== null);
