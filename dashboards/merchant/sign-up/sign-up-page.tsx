import { useState, type FormEvent } from 'react';
import { useApi, useWrite } from '../../kit/api/api-context.tsx';
import { pointOfText } from '../../kit/geo-point.ts';
import { useSession } from '../../kit/session/session-context.tsx';
import { Field } from '../../kit/ui/field.tsx';
import { LanguageSwitch } from '../../kit/ui/language-switch.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { CommunityChoice } from './community-choice.tsx';
import { PlaceField } from './place-field.tsx';
import { useSignUpWords } from './sign-up-words.ts';
import '../../kit/session/sign-in-page.css';
import './sign-up.css';

const shortText = 60;
const passwordMin = 10;

/** Where a store comes by itself, on a phone: who it is and an account. Papers follow once it is in. */
export function SignUpPage({ onDone }: { readonly onDone: () => void }) {
  const m = useSignUpWords();
  return (
    <div className="sign-in sign-up">
      <header>
        <a href="/merchant/">{m.have}</a>
        <LanguageSwitch />
      </header>
      <main>
        <div className="sign-in-card card stack">
          <div>
            <h1>{m.title}</h1>
            <p>{m.subtitle}</p>
          </div>
          <SignUpForm onDone={onDone} />
        </div>
      </main>
    </div>
  );
}

function SignUpForm({ onDone }: { readonly onDone: () => void }) {
  const m = useSignUpWords();
  const { client } = useApi();
  const { store } = useSession();
  const signUp = useWrite('POST /v1/merchant-sign-ups');
  const [communityId, choose] = useState<string | null>(null);
  const [place, setPlace] = useState('');
  const [isAsked, setAsked] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setAsked(true);
    const location = place.trim() === '' ? null : pointOfText(place);
    if (communityId === null || location === undefined) return;
    const form = new FormData(event.currentTarget);
    const text = (name: string): string => textOf(form, name).trim();
    const account = { email: text('email'), password: textOf(form, 'password') };
    const shop = { name: text('store'), address: text('address'), hours: text('hours'), communityId, location };
    setError(null);
    void signUp
      .mutateAsync({ body: { name: text('name'), owner: { ...account, name: text('owner') }, store: shop } })
      .then(() => store.signIn(client, account))
      .then(onDone, setError);
  };
  return (
    <form className="stack" onSubmit={submit}>
      <h2 className="section-title">{m.shop}</h2>
      <Field label={m.merchantName} hint={m.merchantHint} name="name" maxLength={shortText} required />
      <Field label={m.storeName} hint={m.storeHint} name="store" maxLength={shortText} required />
      <CommunityChoice
        chosen={communityId}
        onChoose={choose}
        fault={isAsked && communityId === null ? m.communityMissing : null}
      />
      <Field label={m.address} name="address" maxLength={120} placeholder={m.addressPlaceholder} required />
      <PlaceField text={place} onChange={setPlace} />
      <Field label={m.hours} name="hours" maxLength={shortText} placeholder={m.hoursPlaceholder} required />
      <h2 className="section-title">{m.owner}</h2>
      <Field label={m.ownerName} name="owner" maxLength={shortText} autoComplete="name" required />
      <Field label={m.email} name="email" type="email" maxLength={120} autoComplete="username" required />
      <Field
        label={m.password}
        hint={m.passwordHint}
        name="password"
        type="password"
        minLength={passwordMin}
        maxLength={200}
        autoComplete="new-password"
        required
      />
      <ProblemNotice error={error} />
      <button type="submit" className="button is-primary is-large is-wide" disabled={signUp.isPending}>
        {signUp.isPending ? m.sending : m.submit}
      </button>
    </form>
  );
}

const textOf = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
};
