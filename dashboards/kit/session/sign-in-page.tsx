import { ApiError } from '@gatecast/cloud-api/client';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useApi } from '../api/api-context.tsx';
import { useWords } from '../i18n/language-context.tsx';
import { Icon } from '../ui/icon.tsx';
import { LanguageSwitch } from '../ui/language-switch.tsx';
import { ProblemNotice } from '../ui/states.tsx';
import { Field } from '../ui/field.tsx';
import { DoorAndScreen } from './door-and-screen.tsx';
import { PhoneSignIn } from './phone-sign-in.tsx';
import { useSession } from './session-context.tsx';
import './sign-in-page.css';
import { useSignInWords } from './sign-in-words.ts';

interface SignInPageProps {
  /** What the app is, in two or three words: `物业管理`. */
  readonly title: string;
  readonly subtitle: string;
  /** How people of this app sign in. */
  readonly by: 'email' | 'phone';
  readonly picture?: ReactNode;
  /** For whoever has no account. */
  readonly more?: ReactNode;
}

export function SignInPage({ title, subtitle, by, picture, more }: SignInPageProps) {
  const { kit } = useWords();
  const { reason } = useSession();
  return (
    <div className="sign-in">
      <header>
        <span className="sign-in-brand">
          <Icon name="doorOpen" size={26} /> {kit.product}
        </span>
        <LanguageSwitch />
      </header>
      <main>
        {picture ?? <DoorAndScreen />}
        <div className="sign-in-card card stack">
          <div>
            <h1>{title}</h1>
            <p>{subtitle}</p>
          </div>
          {reason === 'expired' && <output className="notice is-warn">{kit.sessionExpired}</output>}
          {by === 'email' ? <EmailSignIn /> : <PhoneSignIn />}
          {more}
        </div>
      </main>
    </div>
  );
}

function EmailSignIn() {
  const { kit } = useWords();
  const words = useSignInWords();
  const { client } = useApi();
  const { store } = useSession();
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });
  const [hasSecondFactor, setHasSecondFactor] = useState(false);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const totp = textOf(form, 'totp').replaceAll(' ', '');
    setState({ busy: true, error: null });
    store
      .signIn(client, { email: textOf(form, 'email'), password: textOf(form, 'password'), ...(totp && { totp }) })
      .catch((error: unknown) => {
        const isAsked = asksSecondFactor(error) && !hasSecondFactor;
        if (isAsked) setHasSecondFactor(true);
        setState({ busy: false, error: isAsked ? null : error });
      });
  };

  return (
    <form className="stack" onSubmit={submit}>
      <Field label={words.email} name="email" type="email" autoComplete="username" required />
      <Field label={words.password} name="password" type="password" autoComplete="current-password" required />
      {hasSecondFactor && (
        <Field
          label={words.totp}
          hint={words.totpHint}
          name="totp"
          type="text"
          autoComplete="one-time-code"
          autoCapitalize="none"
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- it comes up as the answer to pressing the button, and is what to fill in next
          autoFocus
          required
        />
      )}
      <ProblemNotice error={state.error} />
      <button type="submit" className="button is-primary is-large is-wide" disabled={state.busy}>
        {state.busy ? words.signingIn : kit.signIn}
      </button>
    </form>
  );
}

/** The password was right; the account also wants a code of its authenticator. */
const asksSecondFactor = (error: unknown): boolean =>
  error instanceof ApiError && error.problem.code === 'totp-required';

const textOf = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
};
