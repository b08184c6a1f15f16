import { Select } from 'antd';
import { useId } from 'react';
import { useMessages } from '../messages/zh.ts';

/** What few passes need. Null: not limited, or as the door does it. */
export interface PassOptions {
  readonly firstUseWithinHours: number | null;
  readonly lastsHours: number | null;
  readonly openMs: number | null;
}
export const noOptions: PassOptions = { firstUseWithinHours: null, lastsHours: null, openMs: null };

const firstUseChoices = [2, 12, 24, 72, 168] as const;
const lastsChoices = [1, 2, 4, 12, 24, 72] as const;
const openChoices = [8, 12, 20, 30] as const;

interface MoreOptionsProps {
  readonly options: PassOptions;
  readonly onChange: (options: PassOptions) => void;
}

export function MoreOptions({ options, onChange }: MoreOptionsProps) {
  const m = useMessages().passes;
  const hours = (each: number): Choice => ({ value: each, label: m.hours(each) });
  return (
    <details className="more-options">
      <summary>{m.more}</summary>
      <div className="stack">
        <Choose
          label={m.firstUse}
          hint={m.firstUseHint}
          none={m.noLimit}
          value={options.firstUseWithinHours}
          choices={firstUseChoices.map(hours)}
          onChange={(firstUseWithinHours) => onChange({ ...options, firstUseWithinHours })}
        />
        <Choose
          label={m.lasts}
          hint={m.lastsHint}
          none={m.noLimit}
          value={options.lastsHours}
          choices={lastsChoices.map(hours)}
          onChange={(lastsHours) => onChange({ ...options, lastsHours })}
        />
        <Choose
          label={m.longerOpening}
          hint={m.longerOpeningHint}
          none={m.openAsDoor}
          value={options.openMs}
          choices={openChoices.map((seconds) => ({ value: seconds * 1_000, label: m.openFor(seconds) }))}
          onChange={(openMs) => onChange({ ...options, openMs })}
        />
      </div>
    </details>
  );
}

interface Choice {
  readonly value: number;
  readonly label: string;
}
interface ChooseProps {
  readonly label: string;
  readonly hint: string;
  readonly none: string;
  readonly value: number | null;
  readonly choices: readonly Choice[];
  readonly onChange: (value: number | null) => void;
}

function Choose({ label, hint, none, value, choices, onChange }: ChooseProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <Select
        id={id}
        size="large"
        value={value ?? 0}
        onChange={(next: number) => onChange(next === 0 ? null : next)}
        options={[{ value: 0, label: none }, ...choices]}
      />
      <span className="hint">{hint}</span>
    </div>
  );
}
