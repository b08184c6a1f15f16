import { useState } from 'react';
import { useRead } from '../../kit/api/api-context.tsx';
import { AdIncome } from '../../kit/console/ad-income.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { ChooseCommunity } from '../parties/choose-community.tsx';
import { useAccountWords } from './account-words.ts';
import { RecordPayout } from './record-payout.tsx';

/** A community's income from its screens, and what was handed over of it. */
export function OwnersAccountPage() {
  const m = useAccountWords();
  const [id, setId] = useState<string | null>(null);
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
        <ChooseCommunity label={m.choose} value={id} onChange={setId} />
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
