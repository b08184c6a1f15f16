import { App, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { TermsFields, usualTerms, type Terms } from './terms-fields.tsx';

const notesMax = 2_000;

/** Chooses a release file and says what is new in it. The cloud checks all of it before it lists it. */
export function UploadRelease({ onDone }: { readonly onDone: () => void }) {
  const m = useMessages().releases;
  const { message } = App.useApp();
  const [file, setFile] = useState<File>();
  const [terms, setTerms] = useState<Terms>(usualTerms);
  const upload = useWrite('POST /v1/releases', ['GET /v1/releases']);
  const submit = ({ notes = '' }: { readonly notes?: string }): void => {
    if (!file) return;
    void upload.mutateAsync({ query: { notes, ...queryOf(terms) }, body: file }).then(
      ({ version }) => {
        void message.success(m.listed(version));
        onDone();
      },
      // Shown below from `upload.error`.
      () => undefined,
    );
  };
  return (
    <Form layout="vertical" size="large" requiredMark={false} onFinish={submit}>
      <div className="file-picker release-picker">
        <input
          id="release-file"
          type="file"
          accept=".gcr"
          className="visually-hidden"
          disabled={upload.isPending}
          onChange={(event) => setFile(event.currentTarget.files?.[0])}
        />
        <label htmlFor="release-file">
          <Icon name={file ? 'box' : 'upload'} size={32} />
          <strong>{file ? file.name : m.chooseFile}</strong>
          <span>{m.fileHint}</span>
        </label>
      </div>
      <Form.Item name="notes" label={m.notes}>
        <Input.TextArea rows={3} maxLength={notesMax} />
      </Form.Item>
      <div className="stack">
        <TermsFields terms={terms} onChange={setTerms} />
        <ProblemNotice error={upload.error} />
        <Button type="primary" htmlType="submit" block disabled={!file} loading={upload.isPending}>
          {upload.isPending ? m.checking : m.upload}
        </Button>
      </div>
    </Form>
  );
}

const queryOf = ({ window, bytesPerSecondMax, restartWindow }: Terms) => ({
  ...window,
  ...(bytesPerSecondMax !== null && { bytesPerSecondMax }),
  ...(restartWindow && { restartFromMinute: restartWindow.fromMinute, restartToMinute: restartWindow.toMinute }),
});
