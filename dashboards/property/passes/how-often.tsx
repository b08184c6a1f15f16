import { InputNumber, Radio } from 'antd';
import { useState } from 'react';
import { useMessages } from '../messages/zh.ts';

const usualUses = 3;
const usesMax = 1_000;

interface HowOftenProps {
  /** Null: as often as they like. */
  readonly uses: number | null;
  readonly onChange: (uses: number | null) => void;
}

export function HowOften({ uses, onChange }: HowOftenProps) {
  const m = useMessages().passes;
  const [choosing, setChoosing] = useState(false);
  const choice = choosing ? 'some' : uses === null ? 'any' : 'once';
  const choose = (next: unknown): void => {
    setChoosing(next === 'some');
    onChange(next === 'any' ? null : next === 'once' ? 1 : usualUses);
  };
  return (
    <fieldset className="field">
      <legend>{m.howOften}</legend>
      <div className="row">
        <Radio.Group
          size="large"
          optionType="button"
          buttonStyle="solid"
          value={choice}
          onChange={(event) => choose(event.target.value)}
          options={[
            { value: 'any', label: m.unlimited },
            { value: 'once', label: m.once },
            { value: 'some', label: m.untils.custom },
          ]}
        />
        {choosing && (
          <InputNumber
            size="large"
            aria-label={m.howOften}
            min={1}
            max={usesMax}
            value={uses}
            onChange={(next) => onChange(next ?? 1)}
          />
        )}
      </div>
    </fieldset>
  );
}
