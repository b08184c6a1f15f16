import { Select } from 'antd';
import { useState } from 'react';
import { useRead, useReadPages } from '../../kit/api/api-context.tsx';
import { useAllPages } from '../../kit/api/use-all-pages.ts';
import { AdIncome } from '../../kit/console/ad-income.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { useAccountWords } from './account-words.ts';
import { RecordPayout } from './record-payout.tsx';

const perPage = 200;

/** A community's income from its screens, and what was handed over of it. */
export function OwnersAccountPage() {
  const m = useAccountWords();
  const [id, setId] = useState<string | null>(null);
  const communities = useAllPages(useReadPages('GET /v1/communities', { query: { limit: perPage } }), perPage);
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
        {id !== null && <RecordPayout key={id} communityId={id} />}
      </div>
      <div className="stack">
        <Select
          size="large"
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={m.community}
          placeholder={m.choose}
          value={id}
          options={communities.items.map(({ id: value, name: label }) => ({ value, label }))}
          onChange={setId}
          style={{ maxWidth: 480 }}
        />
        {id === null ? (
          <Empty icon="money" title={m.choose}>
            <p>{m.chooseHint}</p>
          </Empty>
        ) : (
          <AccountOf key={id} id={id} />
        )}
      </div>
    </>
  );
}

function AccountOf({ id }: { readonly id: string }) {
  const account = useRead('GET /v1/communities/:id/ad-income', { params: { id } });
  return <Loaded query={account}>{(data) => <AdIncome account={data} />}</Loaded>;
}
