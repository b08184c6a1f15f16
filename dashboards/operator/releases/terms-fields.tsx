import { Input, Select, Switch } from 'antd';
import type { Release } from '@gatecast/cloud-api/client';
import { useId } from 'react';
import { clockText, minuteOfClock } from '../../kit/format.ts';
import { useMessages } from '../messages/zh.ts';

export type Terms = Release['download'];
type Window = NonNullable<Terms['window']>;

/** Hardly anybody comes home then. */
const night: Window = { fromMinute: 2 * 60, toMinute: 5 * 60 };
/** What the form begins with. */
export const usualTerms: Terms = { window: null, bytesPerSecondMax: null, restartWindow: night };
const paces = [64, 256, 1_024].map((kilobytes) => kilobytes * 1_024);

interface TermsFieldsProps {
  readonly terms: Terms;
  readonly onChange: (terms: Terms) => void;
}

/** When terminals restart for a release, when they fetch it, and how fast. */
export function TermsFields({ terms, onChange }: TermsFieldsProps) {
  const m = useMessages().releases;
  const id = useId();
  const { window, restartWindow, bytesPerSecondMax } = terms;
  return (
    <>
      <WindowField
        label={m.restartOnly}
        hint={m.restartHint}
        window={restartWindow}
        onChange={(next) => onChange({ ...terms, restartWindow: next })}
      />
      <WindowField
        label={m.fetchOnly}
        hint={m.fetchHint}
        window={window}
        onChange={(next) => onChange({ ...terms, window: next })}
      />
      <div className="field">
        <label htmlFor={id}>{m.pace}</label>
        <Select
          id={id}
          size="large"
          value={bytesPerSecondMax ?? 0}
          options={[
            { value: 0, label: m.anyPace },
            ...paces.map((bytes) => ({ value: bytes, label: m.paceOf(bytes / 1_024) })),
          ]}
          onChange={(bytes) => onChange({ ...terms, bytesPerSecondMax: bytes === 0 ? null : bytes })}
        />
      </div>
    </>
  );
}

interface WindowFieldProps {
  readonly label: string;
  readonly hint: string;
  /** Null: at any time. */
  readonly window: Window | null;
  readonly onChange: (window: Window | null) => void;
}

function WindowField({ label, hint, window, onChange }: WindowFieldProps) {
  const m = useMessages().releases;
  const id = useId();
  const change = (end: keyof Window, text: string): void => {
    const minute = minuteOfClock(text);
    if (window && minute !== null) onChange({ ...window, [end]: minute });
  };
  const clock = (end: keyof Window, name: string) => (
    <div className="field">
      <label htmlFor={`${id}-${end}`}>{name}</label>
      <Input
        id={`${id}-${end}`}
        type="time"
        size="large"
        required
        value={clockText(window?.[end] ?? 0)}
        onChange={(event) => change(end, event.currentTarget.value)}
      />
    </div>
  );
  return (
    <fieldset className="field">
      <legend className="visually-hidden">{label}</legend>
      <span className="row">
        <Switch checked={window !== null} aria-labelledby={`${id}-on`} onChange={(on) => onChange(on ? night : null)} />
        <span id={`${id}-on`} className="field-label">
          {label}
        </span>
      </span>
      {window && (
        <div className="row">
          {clock('fromMinute', m.from)}
          {clock('toMinute', m.to)}
        </div>
      )}
      <span className="hint">{hint}</span>
    </fieldset>
  );
}
