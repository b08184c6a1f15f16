import { Icon } from './icon.tsx';
import './stepper.css';

interface StepperProps {
  /** What is counted; read out with the buttons. */
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly fewer: string;
  readonly more: string;
  readonly onChange: (value: number) => void;
}

/** A small whole number with a button on either side. */
export function Stepper({ label, value, min, max, step = 1, fewer, more, onChange }: StepperProps) {
  const to = (next: number): void => onChange(Math.max(min, Math.min(max, next)));
  return (
    <fieldset className="stepper" aria-label={label}>
      <button type="button" aria-label={fewer} disabled={value <= min} onClick={() => to(value - step)}>
        <Icon name="minus" />
      </button>
      <output className="digits" aria-live="polite">
        {value}
      </output>
      <button type="button" aria-label={more} disabled={value >= max} onClick={() => to(value + step)}>
        <Icon name="plus" />
      </button>
    </fieldset>
  );
}
