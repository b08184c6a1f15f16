import { Input, InputNumber, Switch } from 'antd';
import { useId, type ReactNode } from 'react';

interface NumberFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: number;
  readonly min?: number;
  readonly max: number;
  readonly step?: number;
  readonly onChange: (value: number) => void;
}

export function NumberField({ label, hint, value, min = 0, max, step = 1, onChange }: NumberFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <InputNumber
        id={id}
        size="large"
        min={min}
        max={max}
        step={step}
        value={value}
        {...(hint !== undefined && { 'aria-describedby': `${id}-hint` })}
        onChange={(next) => next !== null && onChange(next)}
      />
      {hint !== undefined && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}

interface LineFieldProps {
  readonly label: string;
  /** What stands there when there is no such wire. */
  readonly none: string;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

/** The number of an input, counted from 0; empty where the door has no such wire. */
export function LineField({ label, none, value, onChange }: LineFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <InputNumber
        id={id}
        size="large"
        min={0}
        max={127}
        value={value}
        placeholder={none}
        onChange={(next) => onChange(next)}
      />
    </div>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  /** What the browser lets through, for the whole text; the hint says it in words. */
  readonly pattern?: string;
  readonly onChange: (value: string) => void;
}

export function TextField({ label, hint, value, pattern, onChange }: TextFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        size="large"
        required
        maxLength={200}
        value={value}
        {...(pattern !== undefined && { pattern, title: hint })}
        {...(hint !== undefined && { 'aria-describedby': `${id}-hint` })}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {hint !== undefined && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}

interface SwitchFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  /** What only counts while it is on. */
  readonly children?: ReactNode;
}

export function SwitchField({ label, hint, checked, onChange, children }: SwitchFieldProps) {
  const id = useId();
  return (
    <div className="switch-field">
      <span className="row">
        <Switch checked={checked} aria-labelledby={id} onChange={onChange} />
        <span id={id}>{label}</span>
      </span>
      {hint !== undefined && <span className="hint">{hint}</span>}
      {checked && children}
    </div>
  );
}
