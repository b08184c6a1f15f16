import type { HeatMap } from '@gatecast/cloud-api/client';
import { Button } from 'antd';
import { useState } from 'react';
import { useRead } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { HeatTable } from './heat-map.tsx';
import { useMarketWords } from './market-words.ts';
import { RankedCommunities } from './ranked-communities.tsx';
import { SoldFacts } from './sold-facts.tsx';
import { useThisWeek, WeekAndPlace, type Chosen } from './week-and-place.tsx';
import './market.css';

/** What is sold of what may be: the network's week, any community's, and those that sell least. */
export function SellThroughPage() {
  const m = useMarketWords();
  const now = useThisWeek();
  const [chosen, setChosen] = useState<Chosen>({ week: now, place: 'all' });
  const [community, setCommunity] = useState<{ readonly id: string; readonly name: string } | null>(null);
  const query = { ...chosen, ...(community && { communityId: community.id }) };
  const map = useRead('GET /v1/sell-through/heat-map', { query });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.selling}</h1>
          <p>{m.sellingIntro}</p>
        </div>
      </div>
      <div className="stack">
        <WeekAndPlace chosen={chosen} onChange={setChosen} />
        <div className="row spread">
          <h2>{community?.name ?? m.network}</h2>
          {community && (
            <Button size="large" onClick={() => setCommunity(null)}>
              {m.backToNetwork}
            </Button>
          )}
        </div>
        <Loaded query={map}>{(data) => <Mapped map={data} />}</Loaded>
        <RankedCommunities
          {...chosen}
          first="sold worst"
          onChoose={({ communityId: id, communityName: name }) => {
            setCommunity({ id, name });
            scrollTo({ top: 0 });
          }}
        />
      </div>
    </>
  );
}

function Mapped({ map }: { readonly map: HeatMap }) {
  const m = useMarketWords();
  const format = useFormats();
  if (map.madeAt === null)
    return (
      <Empty icon="chart" title={m.notSummed}>
        <p>{m.notSummedHint}</p>
      </Empty>
    );
  return (
    <>
      {map.unsold !== null && <p className="notice is-warn">{m.unsold[map.unsold] ?? map.unsold}</p>}
      <SoldFacts sold={map} />
      <p className="soft">{m.summedAt(format.dateTime(map.madeAt, homeZone))}</p>
      <HeatTable map={map} where={map.communityName ?? m.network} />
    </>
  );
}
