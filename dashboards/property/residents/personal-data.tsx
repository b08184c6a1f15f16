import { App, Button, Input, Modal } from 'antd';
import type { Resident } from '@gatecast/cloud-api/client';
import { useId, useState, type FormEvent } from 'react';
import { useLocation } from 'wouter';
import { useApi, useWrite } from '../../kit/api/api-context.tsx';
import { problemSentence } from '../../kit/i18n/problem-sentence.ts';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { saveFile } from '../../kit/save-file.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';

/** The resident's two rights that the property answers at the desk: to have all of it, and to have it gone. */
export function PersonalData({ resident }: { readonly resident: Resident }) {
  const m = useMessages().residents.data;
  const [erasing, setErasing] = useState(false);
  return (
    <section className="card">
      <h2>{m.title}</h2>
      <ul className="choices">
        <li>
          <p className="soft">{m.exportHint}</p>
          <ExportButton resident={resident} />
        </li>
        <li>
          <p className="soft">{m.eraseHint}</p>
          <Button danger icon={<Icon name="erase" size={18} />} onClick={() => setErasing(true)}>
            {m.erase}
          </Button>
        </li>
      </ul>
      <Modal
        open={erasing}
        title={m.eraseTitle(resident.name)}
        footer={null}
        width={520}
        destroyOnHidden
        onCancel={() => setErasing(false)}
      >
        <Erase resident={resident} onClose={() => setErasing(false)} />
      </Modal>
    </section>
  );
}

function ExportButton({ resident }: { readonly resident: Resident }) {
  const m = useMessages().residents.data;
  const { kit } = useWords();
  const { message } = App.useApp();
  const { client } = useApi();
  const [busy, setBusy] = useState(false);
  const save = (): void => {
    setBusy(true);
    client('GET /v1/residents/:id/export', { params: { id: resident.id } })
      .then((kept) => {
        saveFile(`${resident.unit}-${resident.name}.json`, 'application/json', [JSON.stringify(kept, null, 2)]);
        void message.success(m.exported);
      })
      .catch((error: unknown) => void message.error(problemSentence(error, kit)))
      .finally(() => setBusy(false));
  };
  return (
    <Button icon={<Icon name="share" size={18} />} loading={busy} onClick={save}>
      {m.export}
    </Button>
  );
}

function Erase({ resident, onClose }: { readonly resident: Resident; readonly onClose: () => void }) {
  const m = useMessages().residents.data;
  const { kit } = useWords();
  const { message } = App.useApp();
  const [, go] = useLocation();
  const id = useId();
  const [typed, setTyped] = useState('');
  const erase = useWrite('DELETE /v1/residents/:id', ['GET /v1/communities/:id/residents', 'GET /v1/passes']);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    erase.mutate(
      { params: { id: resident.id } },
      {
        onSuccess: () => {
          void message.success(m.erased);
          go('/residents', { replace: true });
        },
      },
    );
  };
  return (
    <form className="stack" onSubmit={submit}>
      <ul className="fact-list">
        {m.eraseFacts.map((fact) => (
          <li key={fact}>
            <Icon name="alert" size={18} />
            {fact}
          </li>
        ))}
      </ul>
      <div className="field">
        <label htmlFor={id}>{m.eraseType(resident.name)}</label>
        <Input
          id={id}
          size="large"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      <ProblemNotice error={erase.error} />
      <div className="row dialog-actions">
        <Button size="large" onClick={onClose}>
          {kit.cancel}
        </Button>
        <Button
          type="primary"
          danger
          size="large"
          htmlType="submit"
          disabled={typed.trim() !== resident.name}
          loading={erase.isPending}
        >
          {m.eraseConfirm}
        </Button>
      </div>
    </form>
  );
}
