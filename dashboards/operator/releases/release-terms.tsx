import { App, Button, Modal } from 'antd';
import type { Release } from '@gatecast/cloud-api/client';
import { useState, type FormEvent } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { clockText } from '../../kit/format.ts';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { TermsFields, type Terms } from './terms-fields.tsx';

/** When terminals fetch a release and restart for it, and the way to change that. */
export function ReleaseTerms({ release }: { readonly release: Release }) {
  const m = useMessages().releases;
  const [isOpen, setIsOpen] = useState(false);
  const { window, restartWindow, bytesPerSecondMax } = release.download;
  const said = [
    m.restarts(spanText(restartWindow) ?? m.anyTime),
    m.fetches(spanText(window) ?? m.anyTime),
    ...(bytesPerSecondMax === null ? [] : [m.paceOf(Math.round(bytesPerSecondMax / 1_024))]),
  ];
  return (
    <div className="row release-terms">
      <span className="soft digits">{said.join(' · ')}</span>
      {release.withdrawnAt === null && <Button onClick={() => setIsOpen(true)}>{m.changeTerms}</Button>}
      <Modal
        open={isOpen}
        title={m.termsTitle(release.version)}
        footer={null}
        destroyOnHidden
        onCancel={() => setIsOpen(false)}
      >
        <TermsForm release={release} onDone={() => setIsOpen(false)} />
      </Modal>
    </div>
  );
}

function TermsForm({ release, onDone }: { readonly release: Release; readonly onDone: () => void }) {
  const m = useMessages().releases;
  const { message } = App.useApp();
  const [terms, setTerms] = useState<Terms>(release.download);
  const save = useWrite('PUT /v1/releases/:id/download', ['GET /v1/releases']);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(
      { params: { id: release.id }, body: terms },
      {
        onSuccess: () => {
          void message.success(m.termsSaved);
          onDone();
        },
      },
    );
  };
  return (
    <form className="stack" onSubmit={submit}>
      <TermsFields terms={terms} onChange={setTerms} />
      <p className="soft">{m.termsNote}</p>
      <ProblemNotice error={save.error} />
      <Button type="primary" size="large" htmlType="submit" block loading={save.isPending}>
        {m.save}
      </Button>
    </form>
  );
}

const spanText = (window: Terms['window']): string | null =>
  window && `${clockText(window.fromMinute)}–${clockText(window.toMinute)}`;
