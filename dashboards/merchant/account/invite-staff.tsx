import type { Store } from '@gatecast/cloud-api/client';
import { useId, useState, type FormEvent } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { CopyButton } from '../../kit/ui/copy-button.tsx';
import { Field } from '../../kit/ui/field.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useTeamWords } from './team-words.ts';

interface InviteStaffProps {
  readonly stores: readonly Store[];
  readonly onDone: () => void;
}

/** Asks who and where, then shows the link, once. The token stands behind `#`, so that no server log has it. */
export function InviteStaff({ stores, onDone }: InviteStaffProps) {
  const words = useTeamWords();
  const id = useId();
  const invite = useWrite('POST /v1/invitations', ['GET /v1/team']);
  const [invited, setInvited] = useState('');
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [name, email, storeId] = ['name', 'email', 'storeId'].map((field) => textOf(form, field));
    if (!name || !email || !storeId) return;
    setInvited(name);
    invite.mutate({ body: { role: 'store-staff', name, email, storeId } });
  };
  if (invite.data) {
    const link = `${location.origin}/merchant/join#${invite.data.token}`;
    return (
      <div className="stack">
        <p>{words.ready(invited)}</p>
        <p className="staff-link">{link}</p>
        <div className="row spread">
          <CopyButton text={link} />
          <button type="button" className="button is-primary" onClick={onDone}>
            {words.done}
          </button>
        </div>
      </div>
    );
  }
  return (
    <form className="stack" onSubmit={submit}>
      <Field label={words.name} name="name" type="text" autoComplete="off" maxLength={60} required />
      <Field label={words.email} name="email" type="email" autoComplete="off" maxLength={120} required />
      <div className="field">
        <label htmlFor={id}>{words.store}</label>
        <select id={id} name="storeId" className="input" required>
          {stores.map((store) => (
            <option key={store.id} value={store.id}>
              {store.name}
            </option>
          ))}
        </select>
      </div>
      <ProblemNotice error={invite.error} />
      <button type="submit" className="button is-primary is-large is-wide" disabled={invite.isPending}>
        {words.make}
      </button>
    </form>
  );
}

function textOf(form: FormData, field: string): string {
  const value = form.get(field);
  return typeof value === 'string' ? value.trim() : '';
}
