import { useState, type FormEvent } from 'react';
import { useLocation } from 'wouter';
import { useApi, useWrite } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { localText, momentOf } from '../../kit/local-moment.ts';
import { passHours } from '../../kit/phone-code.ts';
import { Choice } from '../../kit/ui/choice.tsx';
import { Field } from '../../kit/ui/field.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { TopBar } from '../top-bar.tsx';
import { keepPass } from './made-passes.ts';
import { useVisitorWords } from './visitor-words.ts';

const labelCharsMax = 40;

interface Draft {
  readonly label: string;
  /** As the field has it; null for now. */
  readonly start: string | null;
  readonly hours: (typeof passHours)[number];
  readonly uses: 1 | null;
}

/** Who, when, how long, how often: four answers, three of them given already. */
export function NewPassPage() {
  const words = useVisitorWords();
  const { clock } = useApi();
  const [draft, setDraft] = useState<Draft>({ label: '', start: null, hours: 2, uses: 1 });
  const [isTried, setIsTried] = useState(false);
  const { make, busy, error } = useMakePass();
  const change = (part: Partial<Draft>): void => setDraft((before) => ({ ...before, ...part }));
  const label = draft.label.trim();
  const from = draft.start === null ? 'now' : momentOf(draft.start, homeZone);

  function submit(event: FormEvent): void {
    event.preventDefault();
    setIsTried(true);
    if (label !== '' && from !== null && !busy) make({ label, from, hours: draft.hours, uses: draft.uses });
  }

  return (
    <>
      <TopBar title={words.newTitle} back="/door/visitors" />
      <main className="page">
        <form className="card pass-form" noValidate onSubmit={submit}>
          <Field
            label={words.who}
            hint={words.whoHint}
            fault={isTried && label === '' ? words.whoFault : null}
            maxLength={labelCharsMax}
            required
            value={draft.label}
            onChange={(event) => change({ label: event.currentTarget.value })}
          />
          <Choice
            legend={words.when}
            options={[
              { value: 'now', label: words.now },
              { value: 'later', label: words.later },
            ]}
            value={draft.start === null ? 'now' : 'later'}
            onChange={(when) => change({ start: when === 'now' ? null : localText(clock.now(), homeZone) })}
          />
          {draft.start !== null && (
            <Field
              label={words.start}
              type="datetime-local"
              fault={isTried && from === null ? words.startFault : null}
              min={localText(clock.now(), homeZone)}
              value={draft.start}
              onChange={(event) => change({ start: event.currentTarget.value })}
            />
          )}
          <Choice
            legend={words.howLong}
            options={passHours.map((value) => ({ value, label: words.hours(value) }))}
            value={draft.hours}
            onChange={(hours) => change({ hours })}
          />
          <Choice
            legend={words.times}
            options={[
              { value: 'once', label: words.once },
              { value: 'unlimited', label: words.unlimited },
            ]}
            value={draft.uses === 1 ? 'once' : 'unlimited'}
            onChange={(times) => change({ uses: times === 'once' ? 1 : null })}
          />
          <ProblemNotice error={error} />
          <button type="submit" className="button is-primary is-large is-wide" disabled={busy}>
            {busy ? words.making : words.make}
          </button>
        </form>
      </main>
    </>
  );
}

interface Wanted extends Omit<Draft, 'start'> {
  readonly from: number | 'now';
}

function useMakePass() {
  const { clock } = useApi();
  const [, navigate] = useLocation();
  const write = useWrite('POST /v1/me/passes', ['GET /v1/me/passes']);
  const make = (body: Wanted): void =>
    write.mutate(
      { body },
      {
        onSuccess({ id, code, qr, to }) {
          keepPass({ id, code, qr, to: to ?? clock.now() }, clock.now());
          navigate(`/door/visitors/${id}`, { replace: true });
        },
      },
    );
  return { make, busy: write.isPending, error: write.error };
}
