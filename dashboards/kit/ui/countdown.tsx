import { useEffect, useRef } from 'react';
import { countdownText } from '../countdown.ts';
import { useNow } from '../use-now.ts';

interface CountdownProps {
  /** UTC milliseconds. */
  readonly to: number;
  /** Called once when the time is over. */
  readonly onOver?: () => void;
}

/** What is left until a moment, by the second and by the cloud's clock. */
export function Countdown({ to, onOver }: CountdownProps) {
  const now = useNow();
  const over = now >= to;
  const listener = useRef(onOver);
  useEffect(() => {
    listener.current = onOver;
  });
  useEffect(() => {
    if (over) listener.current?.();
  }, [over]);
  return (
    <span className="digits" role="timer">
      {countdownText(to - now)}
    </span>
  );
}
