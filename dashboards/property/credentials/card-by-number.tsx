import { Button, Input, Segmented } from 'antd';
import { cardFromNumber, type NumberedFormat } from '@gatecast/firmware-protocol/pass';
import { useId, useState, type FormEvent } from 'react';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import type { CardSaving } from './add-card.tsx';

/** A card by the number that is printed on it. */
export function CardByNumber({ busy, error, onSave }: CardSaving) {
  const m = useMessages().residents.newCard;
  const id = useId();
  const [format, setFormat] = useState<NumberedFormat>('w26');
  const [number, setNumber] = useState('');
  const [label, setLabel] = useState('');
  const [tried, setTried] = useState(false);
  const isCard = cardFromNumber(format, number) !== undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (isCard) onSave({ number: number.trim(), format, ...(label.trim() && { label: label.trim() }) });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <fieldset className="field">
        <legend>{m.format}</legend>
        <Segmented
          block
          size="large"
          value={format}
          onChange={setFormat}
          options={(['w26', 'w34'] as const).map((value) => ({ value, label: m.formats[value] }))}
        />
      </fieldset>
      <div className="field">
        <label htmlFor={`${id}-number`}>{m.number}</label>
        <Input
          id={`${id}-number`}
          size="large"
          className="digits"
          inputMode="numeric"
          autoComplete="off"
          maxLength={20}
          value={number}
          aria-invalid={tried && !isCard}
          aria-describedby={`${id}-note`}
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <span id={`${id}-note`} className={tried && !isCard ? 'fault' : 'hint'}>
          {tried && !isCard ? m.numberFormat : m.numberHint[format]}
        </span>
      </div>
      <LabelField value={label} onChange={setLabel} />
      <ProblemNotice error={error} />
      <Button type="primary" size="large" htmlType="submit" loading={busy}>
        {m.save}
      </Button>
    </form>
  );
}

export function LabelField({ value, onChange }: { readonly value: string; readonly onChange: (text: string) => void }) {
  const m = useMessages().residents.newCard;
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{m.label}</label>
      <Input
        id={id}
        size="large"
        maxLength={60}
        placeholder={m.labelPlaceholder}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}
