import { ApiError, requestOf } from '@gatecast/cloud-api/client';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { problemSentence } from '../../kit/i18n/problem-sentence.ts';
import { saveFile } from '../../kit/save-file.ts';
import { useSession } from '../../kit/session/session-context.tsx';
import { useDisputeWords } from './dispute-words.ts';

/** Everything behind the bill, for somebody who checks it without us. */
export function BundleButton({ invoiceId }: { readonly invoiceId: string }) {
  const m = useDisputeWords();
  const { kit } = useWords();
  const { message } = App.useApp();
  const { store } = useSession();
  const [isBusy, setBusy] = useState(false);
  const save = (): void => {
    setBusy(true);
    const asked = { params: { id: invoiceId } };
    const { url, init } = requestOf('', 'GET /v1/invoices/:id/bundle', asked, store.token());
    fetch(url, init)
      .then(async (answer) => {
        if (!answer.ok) throw new ApiError(await answer.json());
        saveFile(`${invoiceId}.tar`, 'application/x-tar', [await answer.blob()]);
      })
      .catch((error: unknown) => void message.error(problemSentence(error, kit)))
      .finally(() => setBusy(false));
  };
  return (
    <Button loading={isBusy} onClick={save}>
      {m.bundle}
    </Button>
  );
}
