import { useId } from 'react';
import { Field } from '../../kit/ui/field.tsx';
import { dayCapMax, isDayCap, peopleSpan, touchesMax, type Choice } from './choice.ts';
import { usePlanWords } from './plan-words.ts';

interface TermsProps {
  readonly choice: Choice;
  readonly onChange: (part: Partial<Choice>) => void;
}
const products = ['touches', 'share', 'ten-people'] as const;
const segments = ['all', 'families', 'commuters', 'elderly', 'night'] as const;
const placements = ['gate', 'unit-door', 'lift'] as const;
const holdouts = [0, 5, 10, 20] as const;

/** What is bought and how much of it, for whom, where at the doors, on which days, and what is left out to see what the rest changed. */
export function Terms({ choice, onChange }: TermsProps) {
  const words = usePlanWords();
  return (
    <section className="card stack-tight">
      <h2 className="section-title">{words.product}</h2>
      <fieldset className="chips" aria-label={words.product}>
        {products.map((each) => (
          <button
            key={each}
            type="button"
            className="chip"
            aria-pressed={choice.product === each}
            onClick={() => onChange({ product: each })}
          >
            <strong>{words.products[each]}</strong>
          </button>
        ))}
      </fieldset>
      <p className="soft">{words.productHints[choice.product]}</p>
      <Quantity choice={choice} onChange={onChange} />
      {choice.product === 'touches' && <DayCap choice={choice} onChange={onChange} />}
      <Days choice={choice} onChange={onChange} />
      {choice.product !== 'ten-people' && (
        <>
          <Audience choice={choice} onChange={onChange} />
          <Holdout choice={choice} onChange={onChange} />
        </>
      )}
    </section>
  );
}

const shown = (n: number): number | '' => (Number.isFinite(n) ? n : '');

function Quantity({ choice, onChange }: TermsProps) {
  const words = usePlanWords();
  const [label, key, min, max] = (
    {
      touches: [words.touches, 'touches', 1, touchesMax],
      share: [words.share, 'sharePercent', 1, 100],
      'ten-people': [words.people, 'people', peopleSpan.min, peopleSpan.max],
    } as const
  )[choice.product];
  return (
    <Field
      label={label}
      type="number"
      inputMode="numeric"
      min={min}
      max={max}
      value={shown(choice[key])}
      onChange={(event) => onChange({ [key]: Math.round(event.currentTarget.valueAsNumber) })}
    />
  );
}

/** Left empty: no cap. */
function DayCap({ choice: { dayCap }, onChange }: TermsProps) {
  const words = usePlanWords();
  return (
    <Field
      label={words.dayCap}
      hint={words.dayCapHint}
      fault={isDayCap(dayCap) ? null : words.dayCapFault}
      type="number"
      inputMode="numeric"
      min={1}
      max={dayCapMax}
      value={dayCap === null ? '' : shown(dayCap)}
      onChange={({ currentTarget: { value, valueAsNumber, validity } }) =>
        onChange({ dayCap: value === '' && !validity.badInput ? null : valueAsNumber })
      }
    />
  );
}

function Days({ choice, onChange }: TermsProps) {
  const words = usePlanWords();
  const isTurned = choice.firstDay > choice.lastDay;
  return (
    <>
      <Field
        label={words.from}
        type="date"
        value={choice.firstDay}
        onChange={(event) => event.currentTarget.value && onChange({ firstDay: event.currentTarget.value })}
      />
      <Field
        label={words.to}
        type="date"
        min={choice.firstDay}
        fault={isTurned ? words.daysTurned : null}
        value={choice.lastDay}
        onChange={(event) => event.currentTarget.value && onChange({ lastDay: event.currentTarget.value })}
      />
    </>
  );
}

function Audience({ choice, onChange }: TermsProps) {
  const words = usePlanWords();
  const place = choice.placements.length === 1 ? (choice.placements[0] ?? 'any') : 'any';
  return (
    <>
      <Select
        label={words.segment}
        hint={choice.segment === 'all' ? null : words.segmentHint}
        options={segments}
        text={(each) => words.segments[each]}
        value={choice.segment}
        onChange={(segment) => onChange({ segment })}
      />
      <Select
        label={words.places}
        options={['any', ...placements] as const}
        text={(each) => words.placements[each]}
        value={place}
        onChange={(each) => onChange({ placements: each === 'any' ? [] : [each] })}
      />
    </>
  );
}

function Holdout({ choice, onChange }: TermsProps) {
  const words = usePlanWords();
  return (
    <Select
      label={words.holdout}
      hint={words.holdoutHint}
      options={holdouts.map((each) => String(each))}
      text={(each) => (each === '0' ? words.noHoldout : words.holdoutOf(each))}
      value={String(choice.holdoutPercent)}
      onChange={(each) => onChange({ holdoutPercent: Number(each) })}
    />
  );
}

interface SelectProps<T extends string> {
  readonly label: string;
  readonly hint?: string | null;
  readonly options: readonly T[];
  readonly text: (option: T) => string;
  readonly value: T;
  readonly onChange: (option: T) => void;
}

function Select<T extends string>({ label, hint, options, text, value, onChange }: SelectProps<T>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input"
        aria-describedby={`${id}-hint`}
        value={value}
        onChange={({ currentTarget }) => {
          const chosen = options.find((each) => each === currentTarget.value);
          if (chosen !== undefined) onChange(chosen);
        }}
      >
        {options.map((each) => (
          <option key={each} value={each}>
            {text(each)}
          </option>
        ))}
      </select>
      <span id={`${id}-hint`} className="hint">
        {hint}
      </span>
    </div>
  );
}
