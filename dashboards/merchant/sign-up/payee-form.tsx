import type { MerchantProfile } from '@gatecast/cloud-api/client';
import { useState, type FormEvent } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { Field } from '../../kit/ui/field.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useSignUpWords } from './sign-up-words.ts';

const nobody = { holder: '', bank: '', account: '' };
const accountShape = /^\d{8,30}$/;

/** Where the store's money goes. What was saved comes back masked, and is written anew rather than edited. */
export function PayeeForm({ payee }: { readonly payee: MerchantProfile['payee'] }) {
  const m = useSignUpWords();
  const [wish, setWish] = useState(nobody);
  const save = useWrite('PUT /v1/merchant-profile/payee', ['GET /v1/merchant-profile']);
  const set = (change: Partial<typeof nobody>): void => setWish({ ...wish, ...change });
  const digits = wish.account.replaceAll(/[\s-]/g, '');
  const isWrong = digits !== '' && !accountShape.test(digits);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isWrong) save.mutate({ body: wish }, { onSuccess: () => setWish(nobody) });
  };
  return (
    <form className="card stack" onSubmit={submit} autoComplete="off">
      <h2 className="section-title">{m.payee}</h2>
      <p className="soft">{m.payeeHint}</p>
      {payee && (
        <p className="notice is-good">
          <Icon name="check" /> <span>{m.payeeNow(`${payee.holder} · ${payee.bank} · ${payee.account}`)}</span>
        </p>
      )}
      <Field
        label={m.holder}
        required
        minLength={2}
        maxLength={60}
        value={wish.holder}
        onChange={(event) => set({ holder: event.currentTarget.value })}
      />
      <Field
        label={m.bank}
        required
        minLength={2}
        maxLength={60}
        value={wish.bank}
        onChange={(event) => set({ bank: event.currentTarget.value })}
      />
      <Field
        label={m.account}
        required
        inputMode="numeric"
        maxLength={40}
        fault={isWrong ? m.accountWrong : null}
        value={wish.account}
        onChange={(event) => set({ account: event.currentTarget.value })}
      />
      <ProblemNotice error={save.error} />
      <button type="submit" className="button is-primary is-large" disabled={save.isPending || isWrong}>
        {m.save}
      </button>
    </form>
  );
}
