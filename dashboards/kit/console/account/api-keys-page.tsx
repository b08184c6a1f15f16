import { App, Button, Checkbox, Form, Input, Modal, Radio } from 'antd';
import type { ApiKey } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useReadPages, useWrite } from '../../api/api-context.tsx';
import { homeZone } from '../../format.ts';
import { useFormats } from '../../i18n/language-context.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ProblemNotice } from '../../ui/states.tsx';
import { useNow } from '../../use-now.ts';
import { someOf } from '../some-of.ts';
import { ListPage } from '../list-page.tsx';
import { useAccountWords } from './account-words.ts';
import './account.css';

const refreshMs = 60_000;
const dayMs = 86_400_000;

interface ApiKeysPageProps {
  /** What a key may be for: the tags of the reference, and what each is called here. */
  readonly tags: readonly { readonly tag: string; readonly label: string }[];
}

/** Keys for other systems, each with as few rights as it needs. */
export function ApiKeysPage({ tags }: ApiKeysPageProps) {
  const m = useAccountWords().keys;
  const [making, setMaking] = useState(false);
  const pages = useReadPages('GET /v1/api-keys', { query: {} });
  return (
    <>
      <ListPage
        title={m.title}
        intro={m.intro}
        add={{ label: m.make, icon: 'plus', onClick: () => setMaking(true) }}
        pages={pages}
        empty={{ icon: 'key', title: m.empty, hint: m.emptyHint }}
      >
        {(keys) => (
          <ul className="card member-rows">
            {keys.map((key) => (
              <Key key={key.id} apiKey={key} tags={tags} />
            ))}
          </ul>
        )}
      </ListPage>
      <MakeKey open={making} tags={tags} onClose={() => setMaking(false)} />
    </>
  );
}

function Key({ apiKey, tags }: { readonly apiKey: ApiKey } & ApiKeysPageProps) {
  const m = useAccountWords().keys;
  const format = useFormats();
  const now = useNow(refreshMs);
  const { modal } = App.useApp();
  const revoke = useWrite('DELETE /v1/api-keys/:id', ['GET /v1/api-keys']);
  const { id, name, scopes, lastUsedAt, expiresAt } = apiKey;
  const ask = (): void =>
    void modal.confirm({
      title: m.revokeTitle(name),
      content: m.revokeText,
      okText: m.revoke,
      okButtonProps: { danger: true },
      cancelText: m.cancel,
      onOk: () => revoke.mutate({ params: { id } }),
    });
  const scopeLabel = (scope: string): string => {
    const [tag = '', access] = scope.split(':');
    const label = tags.find((each) => each.tag === tag)?.label ?? tag;
    return `${label} ${access === 'read' ? m.read : m.write}`;
  };
  return (
    <li className="member-row">
      <span className="member-who">
        <b>{name}</b>
        <span className="soft">{scopes.map(scopeLabel).join(' · ')}</span>
      </span>
      <span className="member-when soft">
        {lastUsedAt === null ? m.neverUsed : m.lastUsed(format.timeOrDate(lastUsedAt, now, homeZone))}
      </span>
      <span className="soft">{expiresAt === null ? m.forever : m.until(format.date(expiresAt, homeZone))}</span>
      <span className="member-action">
        <Button danger loading={revoke.isPending} onClick={ask}>
          {m.revoke}
        </Button>
        <ProblemNotice error={revoke.error} />
      </span>
    </li>
  );
}

interface KeyForm {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly lifeDays: number;
}

function MakeKey({ open, tags, onClose }: ApiKeysPageProps & { readonly open: boolean; readonly onClose: () => void }) {
  const m = useAccountWords().keys;
  const make = useWrite('POST /v1/api-keys', ['GET /v1/api-keys']);
  const close = (): void => {
    onClose();
    make.reset();
  };
  const submit = ({ name, scopes, lifeDays }: KeyForm): void =>
    make.mutate({ body: { name, scopes: [...scopes], expiresAt: Date.now() + lifeDays * dayMs } });
  const scopes = tags.flatMap(({ tag, label }) => [
    { value: `${tag}:read`, label: `${label} ${m.read}` },
    { value: `${tag}:write`, label: `${label} ${m.write}` },
  ]);
  return (
    <Modal open={open} title={m.make} footer={null} destroyOnHidden mask={{ closable: false }} onCancel={close}>
      {make.data ? (
        <div className="stack">
          <p className="notice is-warn">{m.ready}</p>
          <p className="secret-line">{make.data.key}</p>
          <div className="row spread">
            <CopyButton text={make.data.key} />
            <Button type="primary" size="large" onClick={close}>
              {m.done}
            </Button>
          </div>
        </div>
      ) : (
        <Form<KeyForm>
          layout="vertical"
          size="large"
          requiredMark={false}
          initialValues={{ lifeDays: 90 }}
          onFinish={submit}
        >
          <Form.Item name="name" label={m.name} rules={[{ required: true, whitespace: true, max: 60 }]}>
            <Input autoComplete="off" />
          </Form.Item>
          <Form.Item name="scopes" label={m.scopes} rules={[someOf(m.noScopes)]}>
            <Checkbox.Group options={scopes} className="scope-choices" />
          </Form.Item>
          <Form.Item name="lifeDays" label={m.life}>
            <Radio.Group
              optionType="button"
              options={Object.entries(m.lives).map(([days, label]) => ({ value: Number(days), label }))}
            />
          </Form.Item>
          <div className="stack">
            <ProblemNotice error={make.error} />
            <Button type="primary" size="large" htmlType="submit" block loading={make.isPending}>
              {m.create}
            </Button>
          </div>
        </Form>
      )}
    </Modal>
  );
}
