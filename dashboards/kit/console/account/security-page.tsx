import { App, Button, Form, Input } from 'antd';
import type { OwnSession } from '@gatecast/cloud-api/client';
import { useReadPages, useWrite } from '../../api/api-context.tsx';
import { homeZone } from '../../format.ts';
import { useFormats } from '../../i18n/language-context.tsx';
import { LoadedPages } from '../../ui/loaded-pages.tsx';
import { ProblemNotice } from '../../ui/states.tsx';
import { useNow } from '../../use-now.ts';
import { useAccountWords } from './account-words.ts';
import { SecondFactorCard } from './second-factor-card.tsx';
import './account.css';

const refreshMs = 60_000;

/** Password, second factor and devices of whoever is signed in. */
export function SecurityPage() {
  const m = useAccountWords().security;
  return (
    <>
      <div className="page-head">
        <h1>{m.title}</h1>
      </div>
      <div className="account-cards">
        <PasswordCard />
        <SecondFactorCard />
        <DevicesCard />
      </div>
    </>
  );
}

interface PasswordForm {
  readonly current: string;
  readonly next: string;
}

function PasswordCard() {
  const m = useAccountWords().security;
  const { message } = App.useApp();
  const [form] = Form.useForm<PasswordForm>();
  const change = useWrite('PUT /v1/me/password', ['GET /v1/me/sessions']);
  const submit = (body: PasswordForm): void =>
    change.mutate(
      { body },
      {
        onSuccess: () => {
          form.resetFields();
          void message.success(m.changed);
        },
      },
    );
  return (
    <section className="card">
      <h2>{m.password}</h2>
      <Form<PasswordForm> form={form} layout="vertical" size="large" requiredMark={false} onFinish={submit}>
        <Form.Item name="current" label={m.current} rules={[{ required: true }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item name="next" label={m.next} extra={m.nextHint} rules={[{ required: true, min: 10, max: 200 }]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <div className="stack">
          <ProblemNotice error={change.error} />
          <Button size="large" htmlType="submit" loading={change.isPending}>
            {m.change}
          </Button>
        </div>
      </Form>
    </section>
  );
}

function DevicesCard() {
  const m = useAccountWords().security;
  const pages = useReadPages('GET /v1/me/sessions', { query: {} });
  const endOthers = useWrite('DELETE /v1/me/sessions', ['GET /v1/me/sessions']);
  return (
    <section className="card">
      <h2>{m.sessions}</h2>
      <LoadedPages pages={pages} empty={null}>
        {(sessions) => (
          <>
            <ul className="plain-rows">
              {sessions.map((each) => (
                <Device key={each.id} device={each} />
              ))}
            </ul>
            {sessions.length === 1 ? (
              <p className="soft">{m.noOthers}</p>
            ) : (
              <Button size="large" loading={endOthers.isPending} onClick={() => endOthers.mutate({})}>
                {m.endOthers}
              </Button>
            )}
            <ProblemNotice error={endOthers.error} />
          </>
        )}
      </LoadedPages>
    </section>
  );
}

function Device({ device: { id, device, lastSeenAt, current } }: { readonly device: OwnSession }) {
  const m = useAccountWords().security;
  const format = useFormats();
  const now = useNow(refreshMs);
  const end = useWrite('DELETE /v1/me/sessions/:id', ['GET /v1/me/sessions']);
  return (
    <li>
      <b>{device || m.unknownDevice}</b>
      <span className="soft">{m.lastSeen(format.timeOrDate(lastSeenAt, now, homeZone))}</span>
      {current ? (
        <span className="badge is-good">{m.current_}</span>
      ) : (
        <Button loading={end.isPending} onClick={() => end.mutate({ params: { id } })}>
          {m.end}
        </Button>
      )}
      <ProblemNotice error={end.error} />
    </li>
  );
}
