import type { TotpSetup } from '@gatecast/cloud-api/client';
import { useState, type FormEvent } from 'react';
import { useRead, useWrite } from '../../api/api-context.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Field } from '../../ui/field.tsx';
import { QrCode } from '../../ui/qr-code.tsx';
import { Loaded, ProblemNotice } from '../../ui/states.tsx';
import { useAccountWords } from './account-words.ts';

type Step = { readonly is: 'resting' } | { readonly is: 'scanning'; readonly setup: TotpSetup } | Recovery;
interface Recovery {
  readonly is: 'recovery';
  readonly codes: readonly string[];
}

const resting: Step = { is: 'resting' };

/** On, off, and the steps between: scan, confirm, write the recovery codes down. */
export function SecondFactorCard() {
  const m = useAccountWords().security;
  const me = useRead('GET /v1/me', {});
  const [step, setStep] = useState<Step>(resting);
  return (
    <section className="card">
      <h2>{m.totp}</h2>
      <Loaded query={me}>
        {({ totp }) => {
          if (step.is === 'recovery') return <RecoveryCodes codes={step.codes} onDone={() => setStep(resting)} />;
          if (totp) return <TurnOff />;
          if (step.is === 'resting') return <TurnOn onBegun={(setup) => setStep({ is: 'scanning', setup })} />;
          return <Scan setup={step.setup} onConfirmed={(codes) => setStep({ is: 'recovery', codes })} />;
        }}
      </Loaded>
    </section>
  );
}

function TurnOn({ onBegun }: { readonly onBegun: (setup: TotpSetup) => void }) {
  const m = useAccountWords().security;
  const begin = useWrite('POST /v1/me/totp');
  return (
    <div className="stack">
      <p>{m.totpOff}</p>
      <ProblemNotice error={begin.error} />
      <div>
        <button
          type="button"
          className="button"
          disabled={begin.isPending}
          onClick={() => begin.mutate({}, { onSuccess: onBegun })}
        >
          {m.totpBegin}
        </button>
      </div>
    </div>
  );
}

interface ScanProps {
  readonly setup: TotpSetup;
  readonly onConfirmed: (codes: readonly string[]) => void;
}

function Scan({ setup, onConfirmed }: ScanProps) {
  const m = useAccountWords().security;
  const confirm = useWrite('POST /v1/me/totp/confirm', ['GET /v1/me']);
  return (
    <div className="stack">
      <p>{m.totpScan}</p>
      <div className="totp-picture">
        <QrCode text={setup.uri} label={m.totpScan} />
      </div>
      <p>
        {m.totpTyped} <span className="secret-line">{setup.secret}</span>
      </p>
      <CodeEntry
        button={m.totpConfirm}
        busy={confirm.isPending}
        error={confirm.error}
        onSubmit={(code) =>
          confirm.mutate({ body: { code } }, { onSuccess: ({ recoveryCodes }) => onConfirmed(recoveryCodes) })
        }
      />
    </div>
  );
}

function TurnOff() {
  const m = useAccountWords().security;
  const remove = useWrite('POST /v1/me/totp/remove', ['GET /v1/me']);
  return (
    <div className="stack">
      <p>{m.totpOn}</p>
      <CodeEntry
        button={m.totpRemove}
        busy={remove.isPending}
        error={remove.error}
        onSubmit={(code) => remove.mutate({ body: { code } })}
      />
    </div>
  );
}

interface CodeEntryProps {
  readonly button: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: (code: string) => void;
}

function CodeEntry({ button, busy, error, onSubmit }: CodeEntryProps) {
  const m = useAccountWords().security;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const code = new FormData(event.currentTarget).get('code');
    if (typeof code === 'string') onSubmit(code);
  };
  return (
    <form className="stack" onSubmit={submit}>
      <Field
        label={m.totpCode}
        name="code"
        type="text"
        autoComplete="one-time-code"
        autoCapitalize="none"
        minLength={6}
        maxLength={20}
        required
      />
      <ProblemNotice error={error} />
      <div>
        <button type="submit" className="button" disabled={busy}>
          {button}
        </button>
      </div>
    </form>
  );
}

function RecoveryCodes({ codes, onDone }: { readonly codes: readonly string[]; readonly onDone: () => void }) {
  const m = useAccountWords().security;
  return (
    <div className="stack">
      <p className="notice is-warn">{m.recovery}</p>
      <ul className="recovery-codes digits">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="row spread">
        <CopyButton text={codes.join('\n')} />
        <button type="button" className="button is-primary" onClick={onDone}>
          {m.recoveryDone}
        </button>
      </div>
    </div>
  );
}
