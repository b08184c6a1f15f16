import { useId, useState } from 'react';
import { useRead } from '../../kit/api/api-context.tsx';
import { Field } from '../../kit/ui/field.tsx';
import { Failed } from '../../kit/ui/states.tsx';
import { useSettled } from '../../kit/use-settled.ts';
import { useSignUpWords } from './sign-up-words.ts';

const lettersMin = 2;

interface CommunityChoiceProps {
  readonly chosen: string | null;
  readonly onChoose: (id: string | null) => void;
  readonly fault: string | null;
}

/** Communities by a part of their name, to choose one of. */
export function CommunityChoice({ chosen, onChoose, fault }: CommunityChoiceProps) {
  const m = useSignUpWords();
  const group = useId();
  const [typed, setTyped] = useState('');
  const name = useSettled(typed.trim());
  const found = useRead(
    'GET /v1/merchant-sign-ups/communities',
    { query: { name } },
    { enabled: name.length >= lettersMin },
  );
  const items = found.data?.items ?? [];
  return (
    <div>
      <Field
        label={m.community}
        hint={m.communityHint}
        fault={fault}
        type="search"
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          // What is chosen is what is seen.
          onChoose(null);
        }}
      />
      {found.error && !found.data ? <Failed error={found.error} retry={found.refetch} /> : null}
      {found.data && items.length === 0 && <p className="notice is-warn">{m.communityNone}</p>}
      <div role="radiogroup" aria-label={m.community} className="sign-up-communities">
        {items.map((community) => (
          <label key={community.id}>
            <input
              type="radio"
              name={group}
              checked={community.id === chosen}
              onChange={() => onChoose(community.id)}
            />
            {community.name}
          </label>
        ))}
      </div>
    </div>
  );
}
