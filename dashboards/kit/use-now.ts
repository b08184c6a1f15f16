import { useEffect, useState } from 'react';
import { useApi } from './api/use-api.ts';

/** The cloud's time, anew every `everyMs`, for what counts up or down on the page. */
export function useNow(everyMs = 1_000): number {
  const { clock } = useApi();
  const [now, setNow] = useState(() => clock.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(clock.now()), everyMs);
    return () => clearInterval(timer);
  }, [clock, everyMs]);
  return now;
}
