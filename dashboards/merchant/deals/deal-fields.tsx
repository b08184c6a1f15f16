import type { Store } from '@gatecast/cloud-api/client';
import { useId } from 'react';
import { Field } from '../../kit/ui/field.tsx';
import { useDealWords } from './merchant-deal-words.ts';
import type { DealDraft, DraftFaults } from './deal-draft.ts';

interface DealFieldsProps {
  readonly draft: DealDraft;
  readonly stores: readonly Store[];
  readonly faults: DraftFaults;
  readonly onChange: (change: Partial<DealDraft>) => void;
}

const groupHours = [6, 12, 24, 48, 72];

export function DealFields({ draft, stores, faults, onChange }: DealFieldsProps) {
  const words = useDealWords();
  const said = (key: keyof DealDraft): string | null => {
    const fault = faults[key];
    return fault ? words.faults[fault] : null;
  };
  const field = (key: keyof DealDraft) => ({
    value: draft[key],
    fault: said(key),
    onChange: (event: { readonly currentTarget: HTMLInputElement }) => onChange({ [key]: event.currentTarget.value }),
  });
  return (
    <>
      <section className="card stack">
        <Field label={words.dealTitle} hint={words.dealTitleHint} maxLength={60} required {...field('title')} />
        <Description draft={draft} onChange={onChange} />
        <label className="field">
          <span className="field-label">{words.dealStore}</span>
          <select
            className="input"
            value={draft.storeId}
            onChange={(event) => onChange({ storeId: event.currentTarget.value })}
          >
            {stores.map((store) => (
              <option key={store.id} value={store.id}>
                {store.name}
              </option>
            ))}
          </select>
          <span className="fault">{said('storeId')}</span>
        </label>
      </section>
      <section className="card field-pairs">
        <Field label={words.singlePrice} inputMode="decimal" placeholder="32.00" required {...field('singlePrice')} />
        <Field label={words.groupPrice} inputMode="decimal" placeholder="19.90" required {...field('groupPrice')} />
        <Field label={words.groupSize} inputMode="numeric" required {...field('groupSize')} />
        <label className="field">
          <span className="field-label">{words.groupHours}</span>
          <select
            className="input"
            value={draft.groupHours}
            onChange={(event) => onChange({ groupHours: event.currentTarget.value })}
          >
            {groupHours.map((hours) => (
              <option key={hours} value={hours}>
                {words.hours(hours)}
              </option>
            ))}
          </select>
        </label>
        <Field label={words.stock} inputMode="numeric" required {...field('stock')} />
        <Field label={words.perPersonMax} inputMode="numeric" required {...field('perPersonMax')} />
      </section>
      <section className="card stack">
        <Field
          label={words.opens}
          hint={draft.opens ? null : words.opensNow}
          type="datetime-local"
          {...field('opens')}
        />
        <Field label={words.closes} type="datetime-local" required {...field('closes')} />
      </section>
    </>
  );
}

function Description({ draft, onChange }: Pick<DealFieldsProps, 'draft' | 'onChange'>) {
  const words = useDealWords();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{words.dealDescription}</label>
      <textarea
        id={id}
        className="input"
        rows={3}
        maxLength={500}
        placeholder={words.dealDescriptionHint}
        value={draft.description}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
      />
    </div>
  );
}
