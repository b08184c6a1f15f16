import type { Category } from '@gatecast/cloud-api/client';
import { useId } from 'react';
import { useRead } from '../api/api-context.tsx';
import { useCategoryWords } from '../content/category-words.ts';
import { useUploadWords } from './upload-words.ts';

interface CategorySelectProps {
  readonly value: Category | '';
  readonly onChange: (category: Category | '') => void;
}

/** What the clip is for. What no screen may advertise is not offered; what needs a permit says so. */
export function CategorySelect({ value, onChange }: CategorySelectProps) {
  const { category: label, categories } = useCategoryWords();
  const words = useUploadWords();
  const id = useId();
  const known = useRead('GET /v1/clip-categories', {}).data?.items ?? [];
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value as Category | '')}
      >
        <option value="">{words.pickCategory}</option>
        {known
          .filter(({ standing }) => standing !== 'banned')
          .map(({ category, needsPermit }) => (
            <option key={category} value={category}>
              {categories[category]}
              {needsPermit ? words.needsPermit : ''}
            </option>
          ))}
      </select>
    </div>
  );
}
