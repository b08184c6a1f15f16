import { useSyncExternalStore } from 'react';

/** What the live connection told last of a preview. It stands beside the pages, so that it cannot hand anything down to them. */
let told: { readonly watch: string; readonly percent: number } | null = null;
const listeners = new Set<() => void>();

export function tellProgress(watch: string, percent: number): void {
  told = { watch, percent };
  for (const listener of listeners) listener();
}

/** How far the preview of this name is, in percent; null while nothing was told. */
export const usePreviewPercent = (watch: string | null): number | null =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => (told !== null && told.watch === watch ? told.percent : null),
  );
