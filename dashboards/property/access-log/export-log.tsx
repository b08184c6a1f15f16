import { App, Button } from 'antd';
import { requestOf, ApiError, type AccessEventFilter } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { problemSentence } from '../../kit/i18n/problem-sentence.ts';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { saveFile } from '../../kit/save-file.ts';
import { useSession } from '../../kit/session/session-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useLogWords } from './log-words.ts';

/** What is filtered, as a file. It streams from the cloud; the browser keeps it until it is whole. */
export function ExportLog({ filter }: { readonly filter: AccessEventFilter }) {
  const m = useLogWords();
  const { kit, language } = useWords();
  const { message } = App.useApp();
  const { store } = useSession();
  const [busy, setBusy] = useState(false);
  const save = (): void => {
    setBusy(true);
    const query = Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, String(value)]));
    const { url, init } = requestOf('', 'GET /v1/access-events/export', { query }, store.token());
    const headers = new Headers(init.headers);
    headers.set('accept-language', language);
    fetch(url, { ...init, headers })
      .then(async (answer) => {
        if (!answer.ok) throw new ApiError(await answer.json());
        saveFile(m.fileName, 'text/csv', [await answer.blob()]);
        void message.success(m.exported);
      })
      .catch((error: unknown) => void message.error(problemSentence(error, kit)))
      .finally(() => setBusy(false));
  };
  return (
    <Button size="large" icon={<Icon name="share" />} loading={busy} title={m.exportHint} onClick={save}>
      {busy ? m.exporting : m.export}
    </Button>
  );
}
