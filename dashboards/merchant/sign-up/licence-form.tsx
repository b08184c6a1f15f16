import type { MerchantProfile } from '@gatecast/cloud-api/client';
import { useEffect, useId, useMemo, useState, type FormEvent } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { Field } from '../../kit/ui/field.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useSignUpWords } from './sign-up-words.ts';

/** The number of a business licence and a photo of it. */
export function LicenceForm({ licence }: { readonly licence: MerchantProfile['licence'] }) {
  const m = useSignUpWords();
  const [number, setNumber] = useState(licence?.number ?? '');
  const [photo, setPhoto] = useState<File | null>(null);
  const handIn = useWrite('PUT /v1/merchant-profile/licence', ['GET /v1/merchant-profile']);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (photo) handIn.mutate({ query: { number }, body: photo }, { onSuccess: () => setPhoto(null) });
  };
  return (
    <form className="card stack" onSubmit={submit}>
      <h2 className="section-title">{m.licence}</h2>
      {licence && !photo && (
        <p className="notice is-good">
          <Icon name="check" /> <span>{m.licenceDone}</span>
        </p>
      )}
      <Field
        label={m.licenceNumber}
        hint={m.licenceNumberHint}
        required
        maxLength={24}
        autoCapitalize="characters"
        autoComplete="off"
        value={number}
        onChange={(event) => setNumber(event.currentTarget.value)}
      />
      <PhotoPicker photo={photo} kept={licence?.photoUrl ?? null} onChoose={setPhoto} />
      <ProblemNotice error={handIn.error} />
      <button type="submit" className="button is-primary is-large" disabled={!photo || handIn.isPending}>
        <Icon name="upload" /> {m.licenceSubmit}
      </button>
    </form>
  );
}

interface PhotoPickerProps {
  readonly photo: File | null;
  readonly kept: string | null;
  readonly onChoose: (photo: File | null) => void;
}

function PhotoPicker({ photo, kept, onChoose }: PhotoPickerProps) {
  const m = useSignUpWords();
  const id = useId();
  const chosen = useMemo(() => (photo ? URL.createObjectURL(photo) : null), [photo]);
  useEffect(() => () => void (chosen !== null && URL.revokeObjectURL(chosen)), [chosen]);
  const picture = chosen ?? kept;
  return (
    <div className="file-picker">
      <input
        id={id}
        type="file"
        accept="image/jpeg,image/png,image/webp"
        className="visually-hidden"
        onChange={(event) => onChoose(event.currentTarget.files?.[0] ?? null)}
      />
      <label htmlFor={id}>
        {picture === null ? <Icon name="camera" size={32} /> : <img className="sign-up-licence" src={picture} alt="" />}
        <strong>{picture === null ? m.licencePhoto : m.licenceOther}</strong>
        <span>{m.licencePhotoHint}</span>
      </label>
    </div>
  );
}
