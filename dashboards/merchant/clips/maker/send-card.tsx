import type { Category, NewMadeClip } from '@gatecast/cloud-api/client';
import { useState, type FormEvent } from 'react';
import { useLocation } from 'wouter';
import { useWrite } from '../../../kit/api/api-context.tsx';
import { Field } from '../../../kit/ui/field.tsx';
import { Icon } from '../../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../../kit/ui/states.tsx';
import { CategorySelect } from '../../../kit/upload/category-select.tsx';
import { useMakerWords } from './maker-words.ts';

interface SendCardProps {
  readonly recipe: NewMadeClip['recipe'] | null;
  /** What is still missing. */
  readonly hint: string | null;
  /** A first name for the clip. */
  readonly line: string;
  /** Of the clip that it begins from. */
  readonly category: Category | '';
}

/** What it is called and what it is for, and off it goes. */
export function SendCard({ recipe, hint, line, category: first }: SendCardProps) {
  const words = useMakerWords();
  const [, navigate] = useLocation();
  const [title, setTitle] = useState('');
  const [category, setCategory] = useState(first);
  const make = useWrite('POST /v1/clips/made', ['GET /v1/clips']);
  const name = title.trim() || line;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!recipe || hint !== null || name === '') return;
    const body = { title: name, recipe, ...(category === '' ? {} : { category }) };
    make.mutate({ body }, { onSuccess: () => navigate('/clips') });
  };
  return (
    <form className="card stack" onSubmit={submit}>
      <Field
        label={words.name}
        maxLength={80}
        placeholder={line}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <CategorySelect value={category} onChange={setCategory} />
      {hint !== null && <p className="soft">{hint}</p>}
      <button
        type="submit"
        className="button is-primary is-large"
        disabled={recipe === null || hint !== null || make.isPending}
      >
        <Icon name="upload" /> {words.send}
      </button>
      <p className="soft">{words.sendHint}</p>
      <ProblemNotice error={make.error} />
    </form>
  );
}
