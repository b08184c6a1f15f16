import { useSyncExternalStore } from 'react';

const wide = matchMedia('(min-width: 1100px)');

const subscribe = (listener: () => void): (() => void) => {
  wide.addEventListener('change', listener);
  return () => wide.removeEventListener('change', listener);
};

/** True where there is room for what happens besides the chains in a column of its own. */
export const useIsWide = (): boolean => useSyncExternalStore(subscribe, () => wide.matches);
