import type { Community } from '@gatecast/cloud-api/client';
import { useRead } from '../../kit/api/api-context.tsx';
import { AdIncome, useAdIncomeWords } from '../../kit/console/ad-income.tsx';
import { Loaded } from '../../kit/ui/states.tsx';
import { useCommunity } from '../community-context.tsx';
import { UnsoldZone } from '../community/unsold-zone.tsx';

export function AdIncomePage() {
  const { community } = useCommunity();
  return community && <IncomeOf key={community.id} community={community} />;
}

/** What the screens of the community that is chosen bring, for whoever manages it. */
function IncomeOf({ community }: { readonly community: Community }) {
  const m = useAdIncomeWords();
  const account = useRead('GET /v1/communities/:id/ad-income', { params: { id: community.id } });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
      </div>
      <div className="stack">
        <UnsoldZone community={community} />
        <Loaded query={account}>{(data) => <AdIncome account={data} />}</Loaded>
      </div>
    </>
  );
}
