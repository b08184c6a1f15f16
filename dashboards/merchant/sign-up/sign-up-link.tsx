import { useSignUpWords } from './sign-up-words.ts';

/** On the sign-in page, for a store that has no account. */
export function SignUpLink() {
  const m = useSignUpWords();
  return (
    <a className="button is-wide" href="/merchant/sign-up">
      {m.noAccount}
    </a>
  );
}
