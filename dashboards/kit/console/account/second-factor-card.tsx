import { Button, Form, Input } from 'antd';
import type { TotpSetup } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useRead, useWrite } from '../../api/api-context.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { QrCode } from '../../ui/qr-code.tsx';
import { Loaded, ProblemNotice } from '../../ui/states.tsx';
import { useAccountWords } from './account-words.ts';

type Step = { readonly is: 'resting' } | { readonly is: 'scanning'; readonly setup: TotpSetup } | Recovery;
interface Recovery {
  readonly is: 'recovery';
  readonly codes: readonly string[];
}
interface CodeForm {
  readonly code: string;
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
        <Button size="large" loading={begin.isPending} onClick={() => begin.mutate({}, { onSuccess: onBegun })}>
          {m.totpBegin}
        </Button>
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
        onSubmit={(body) => confirm.mutate({ body }, { onSuccess: ({ recoveryCodes }) => onConfirmed(recoveryCodes) })}
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
        onSubmit={(body) => remove.mutate({ body })}
      />
    </div>
  );
}

interface CodeEntryProps {
  readonly button: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: (form: CodeForm) => void;
}

function CodeEntry({ button, busy, error, onSubmit }: CodeEntryProps) {
  const m = useAccountWords().security;
  return (
    <Form<CodeForm> layout="vertical" size="large" requiredMark={false} onFinish={onSubmit}>
      <Form.Item name="code" label={m.totpCode} rules={[{ required: true, min: 6, max: 20 }]}>
        <Input className="digits" autoComplete="one-time-code" inputMode="numeric" />
      </Form.Item>
      <div className="stack">
        <ProblemNotice error={error} />
        <div>
          <Button size="large" htmlType="submit" loading={busy}>
            {button}
          </Button>
        </div>
      </div>
    </Form>
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
        <Button type="primary" size="large" onClick={onDone}>
          {m.recoveryDone}
        </Button>
      </div>
    </div>
  );
}
