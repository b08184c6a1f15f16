import { useEffect } from 'react';

/** Keeps the screen from dimming while a code is held to a reader. A browser that cannot, or will not on a low battery, shows it all the same. */
export function useScreenAwake(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    let current = true;
    const ask = (): void => {
      if (!('wakeLock' in navigator) || document.visibilityState !== 'visible') return;
      navigator.wakeLock.request('screen').then(
        (given) => {
          if (current) lock = given;
          else void given.release();
        },
        () => undefined,
      );
    };
    ask();
    // The browser takes it back when the page goes out of sight.
    document.addEventListener('visibilitychange', ask);
    return () => {
      current = false;
      document.removeEventListener('visibilitychange', ask);
      void lock?.release();
    };
  }, []);
}
