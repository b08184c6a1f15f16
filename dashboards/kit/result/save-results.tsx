import { ApiError, requestOf, type CampaignResult } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useWords } from '../i18n/language-context.tsx';
import { saveFile } from '../save-file.ts';
import { useSession } from '../session/session-context.tsx';
import { ProblemNotice } from '../ui/states.tsx';
import { useCostWords } from './cost-words.ts';

const types = { csv: 'text/csv', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' } as const;

/** The result as a file, a row a day and community. */
export function SaveResults({ result }: { readonly result: CampaignResult }) {
  const words = useCostWords();
  const { store } = useSession();
  const { language } = useWords();
  const [state, setState] = useState<{ readonly busy: boolean; readonly error: unknown }>({ busy: false, error: null });
  const save = (kind: 'csv' | 'xlsx'): void => {
    setState({ busy: true, error: null });
    const { campaignId, from, to } = result;
    const path = `GET /v1/campaigns/${campaignId}/result.${kind}`;
    const { url, init } = requestOf('', path, { query: { lang: language, from, to } }, store.token());
    fetch(url, init)
      .then(async (answer) => {
        if (!answer.ok) throw new ApiError(await answer.json());
        saveFile(`results-${from}-${to}.${kind}`, types[kind], [await answer.blob()]);
        setState({ busy: false, error: null });
      })
      .catch((error: unknown) => setState({ busy: false, error }));
  };
  return (
    <div className="stack">
      <ProblemNotice error={state.error} />
      <div className="row">
        <button type="button" className="button grow" disabled={state.busy} onClick={() => save('xlsx')}>
          {words.excel}
        </button>
        <button type="button" className="button grow" disabled={state.busy} onClick={() => save('csv')}>
          {words.csv}
        </button>
      </div>
    </div>
  );
}
