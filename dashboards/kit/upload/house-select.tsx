import type { Clip } from '@gatecast/cloud-api/client';
import { useId } from 'react';
import { useUploadWords } from './upload-words.ts';

export type House = NonNullable<Clip['house']>;

const houses: readonly House[] = ['all', 'families', 'commuters', 'elderly', 'night'];

interface HouseSelectProps {
  readonly value: House;
  readonly onChange: (house: House) => void;
}

/** Whom a house clip is for. */
export function HouseSelect({ value, onChange }: HouseSelectProps) {
  const words = useUploadWords();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{words.house}</label>
      <select
        id={id}
        className="input"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value as House)}
      >
        {houses.map((house) => (
          <option key={house} value={house}>
            {words.houses[house]}
          </option>
        ))}
      </select>
    </div>
  );
}
