import { Select } from 'antd';
import { useState } from 'react';
import { useRead } from '../../kit/api/api-context.tsx';
import { useSettled } from '../../kit/use-settled.ts';
import './choose-community.css';

const choicesMax = 50;

interface ChooseCommunityProps {
  readonly label: string;
  /** Null: none yet. */
  readonly value: string | null;
  /** Of what is chosen, as long as no search has found it. */
  readonly name?: string | undefined;
  /** What choosing none is called; without it one is always chosen. */
  readonly none?: string;
  readonly onChange: (id: string | null) => void;
}

/** One community among thousands, by part of its name. */
export function ChooseCommunity({ label, value, name, none, onChange }: ChooseCommunityProps) {
  const [typed, setTyped] = useState('');
  const search = useSettled(typed.trim());
  const { data } = useRead('GET /v1/fleet/communities', { query: { search, limit: choicesMax } });
  const found = data?.items.map((one) => ({ value: one.id, label: one.name })) ?? [];
  const isFound = value === null || found.some((one) => one.value === value);
  const chosen = isFound || name === undefined ? [] : [{ value, label: name }];
  const nobody = none === undefined || search !== '' ? [] : [{ value: '', label: none }];
  return (
    <Select<string | null>
      size="large"
      className="choose-community"
      aria-label={label}
      placeholder={label}
      value={value ?? (none === undefined ? null : '')}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      options={[...nobody, ...chosen, ...found]}
      onChange={(id) => onChange(id === '' ? null : id)}
    />
  );
}
