import type { MerchantProfile } from '@gatecast/cloud-api/client';
import { useState, type FormEvent } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { pointOfText, textOfPoint } from '../../kit/geo-point.ts';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { PlaceField } from './place-field.tsx';
import { usePlaceWords } from './place-words.ts';

type Store = MerchantProfile['stores'][number];

/** Where one of the merchant's stores is; an empty field takes it back. */
export function StorePlaceForm({ store }: { readonly store: Store }) {
  const words = usePlaceWords();
  const [text, setText] = useState(store.location ? textOfPoint(store.location) : '');
  const save = useWrite('PATCH /v1/stores/:id', ['GET /v1/stores', 'GET /v1/merchant-profile']);
  const location = text.trim() === '' ? null : pointOfText(text);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (location !== undefined) save.mutate({ params: { id: store.id }, body: { location } });
  };
  return (
    <form className="card stack" onSubmit={submit}>
      <h2 className="section-title">{words.title}</h2>
      <p>
        <strong>{store.name}</strong> <span className="soft">{store.address}</span>
      </p>
      <PlaceField text={text} onChange={setText} />
      <ProblemNotice error={save.error} />
      {save.isSuccess && <output className="notice is-good">{words.saved}</output>}
      <button type="submit" className="button" disabled={location === undefined || save.isPending}>
        {words.save}
      </button>
    </form>
  );
}
