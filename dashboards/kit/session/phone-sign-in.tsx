import { useState, type FormEvent } from 'react';
import { useApi } from '../api/api-context.tsx';
import { useWords } from '../i18n/language-context.tsx';
import { Field } from '../ui/field.tsx';
import { ProblemNotice } from '../ui/states.tsx';
import { useNow } from '../use-now.ts';
import { useSession } from './session-context.tsx';
import { useSignInWords } from './sign-in-words.ts';

const resendAfterMs = 60_000;
const phonePattern = /^1[3-9]\d{9}$/;

/** Mobile number, then the code from the text message. */
export function PhoneSignIn({ submit: submitWord }: { readonly submit?: string }) {
  const { kit } = useWords();
  const words = useSignInWords();
  const { client, clock } = useApi();
  const { store } = useSession();
  const now = useNow();
  const [phone, setPhone] = useState('');
  const [code, setCode] = useState('');
  const [sentAt, setSentAt] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const attempt = (work: Promise<unknown>): void => {
    setBusy(true);
    setError(null);
    work.catch(setError).finally(() => setBusy(false));
  };
  const send = (): void =>
    attempt(client('POST /v1/sms-codes', { body: { phone } }).then(() => setSentAt(clock.now())));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    attempt(store.signIn(client, { phone, code }));
  };
  const waitSeconds = sentAt === null ? 0 : Math.ceil((sentAt + resendAfterMs - now) / 1_000);

  return (
    <form className="stack" onSubmit={submit}>
      <Field
        label={words.phone}
        type="tel"
        inputMode="numeric"
        autoComplete="tel-national"
        maxLength={11}
        required
        value={phone}
        onChange={(event) => setPhone(event.currentTarget.value.replace(/\D/g, ''))}
      />
      <div className="sign-in-code">
        <Field
          label={words.smsCode}
          type="text"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={6}
          pattern="\d{6}"
          required
          hint={sentAt === null ? null : words.codeSent}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value.replace(/\D/g, ''))}
        />
        <button
          type="button"
          className="button"
          disabled={busy || waitSeconds > 0 || !phonePattern.test(phone)}
          onClick={send}
        >
          {waitSeconds > 0 ? words.sendAgainIn(waitSeconds) : words.sendCode}
        </button>
      </div>
      <ProblemNotice error={error} />
      <button type="submit" className="button is-primary is-large is-wide" disabled={busy}>
        {submitWord ?? kit.signIn}
      </button>
    </form>
  );
}
