import { useEffect } from 'react';
import { useMessages } from '../messages/use-messages.ts';
import { isSoundOn, ring } from './sound.ts';

const ringEveryMs = 4_000;

/** Rings and shakes while somebody waits for an answer, and says in the page's name how many do. */
export function useRinging(isLoud: boolean, waiting: number): void {
  const { title } = useMessages();
  useEffect(() => {
    document.title = waiting > 0 ? `(${waiting}) ${title}` : title;
  }, [waiting, title]);

  useEffect(() => {
    if (!isLoud) return;
    const context = new AudioContext();
    const call = (): void => {
      if (!isSoundOn()) return;
      // Until the page was touched once the browser holds both back; the picture is there all the same.
      if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([300, 120, 300]);
      if (context.state === 'running') ring(context);
      else void context.resume();
    };
    call();
    const timer = setInterval(call, ringEveryMs);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, [isLoud]);
}
