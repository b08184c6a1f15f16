import { useEffect, useRef } from 'react';

/** The back button can bring a page back just as it was left, its buttons still busy; `onReturn` sets that right. */
export function useReturnFromHistory(onReturn: () => void): void {
  const listener = useRef(onReturn);
  useEffect(() => {
    listener.current = onReturn;
  });
  useEffect(() => {
    const shown = (event: PageTransitionEvent): void => {
      if (event.persisted) listener.current();
    };
    addEventListener('pageshow', shown);
    return () => removeEventListener('pageshow', shown);
  }, []);
}
