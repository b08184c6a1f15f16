import type { HeatMap } from '@gatecast/cloud-api/client';
import { Button } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { HeatTable } from './heat-map.tsx';
import { useMarketWords } from './market-words.ts';
import { RankedCommunities } from './ranked-communities.tsx';
import { SoldFacts } from './sold-facts.tsx';
import { placeOf, useThisWeek, WeekAndPlace, type Chosen } from './week-and-place.tsx';
import './market.css';

/** What is sold of what may be: the network's week, any community's, and those that sell least. */
export function SellThroughPage() {
  const m = useMarketWords();
  const now = useThisWeek();
  const [search, setSearch] = useSearchParams();
  const [week, setWeek] = useState(now);
  const chosen = { week, place: placeOf(search.get('place')) };
  const communityId = search.get('community');
  const query = { ...chosen, ...(communityId !== null && { communityId }) };
  const show = (place: Chosen['place'], id: string | null): void =>
    setSearch({ place, ...(id !== null && { community: id }) });
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
        <WeekAndPlace
          chosen={chosen}
          onChange={(to) => {
            setWeek(to.week);
            show(to.place, communityId);
          }}
        />
        <div className="row spread">
          <h2>{communityId === null ? m.network : (map.data?.communityName ?? '…')}</h2>
          {communityId !== null && (
            <Button size="large" onClick={() => show(chosen.place, null)}>
              {m.backToNetwork}
            </Button>
          )}
        </div>
        <Loaded query={map}>{(data) => <Mapped map={data} />}</Loaded>
        <RankedCommunities
          {...chosen}
          first="sold worst"
          onChoose={({ communityId: id }) => {
            show(chosen.place, id);
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
  // A network without a forecast has nothing to put in 336 cells.
  if (map.madeAt === null || (map.communityName === null && map.expectedTouches === 0))
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
