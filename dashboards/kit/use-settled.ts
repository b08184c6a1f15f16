import { useEffect, useState } from 'react';

/** Long enough for somebody who types to be asked once, short enough not to be felt. */
const settleMs = 250;

/** The value after it has stood still for a moment: what a search asks the cloud for. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settleMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
