import type { SoldCommunity } from '@gatecast/cloud-api/client';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { useApi, useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { SearchBox } from '../../kit/console/search-box.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { saveFile } from '../../kit/save-file.ts';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty, ProblemNotice } from '../../kit/ui/states.tsx';
import { csvText } from './csv.ts';
import { useMarketWords } from './market-words.ts';
import { perThousand } from './sold-facts.tsx';
import type { Chosen } from './week-and-place.tsx';

const pageSize = 50;
const csvPageSize = 200;
const wholePpm = 1_000_000;
const orders = ['sold worst', 'sold best', 'yield worst', 'yield best'] as const;
type Order = (typeof orders)[number];

const queryOf = (order: Order) => {
  const [by, end] = order.split(' ') as ['sold' | 'yield', 'worst' | 'best'];
  return { by, order: end };
};

interface RankedCommunitiesProps extends Chosen {
  readonly first: Order;
  readonly onChoose: (community: SoldCommunity) => void;
}

/** Communities of which something is for sale; thousands of them are found by name or by what is worst. */
export function RankedCommunities({ week, place, first, onChoose }: RankedCommunitiesProps) {
  const m = useMarketWords();
  const [order, setOrder] = useState<Order>(first);
  const [search, setSearch] = useState('');
  const asked = { week, place, ...queryOf(order), ...(search !== '' && { search }) };
  const pages = useReadPages('GET /v1/sell-through/communities', { query: { ...asked, limit: pageSize } });
  const labels = {
    'sold worst': m.bySold,
    'sold best': m.bySoldBest,
    'yield worst': m.byYield,
    'yield best': m.byYieldBest,
  };
  return (
    <section className="stack">
      <h2>{m.communities}</h2>
      <div className="market-tools">
        <SearchBox value={search} label={m.searchCommunity} onSettled={setSearch} />
        <Select
          size="large"
          aria-label={m.order}
          value={order}
          options={orders.map((value) => ({ value, label: labels[value] }))}
          onChange={setOrder}
        />
        <DownloadAll asked={asked} />
      </div>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="place" title={search === '' ? m.noneSold : m.notFound}>
            <p>{search === '' && m.noneSoldHint}</p>
          </Empty>
        }
      >
        {(communities) => (
          <ul className="market-list">
            {communities.map((community) => (
              <Ranked key={community.communityId} community={community} onChoose={onChoose} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </section>
  );
}

function Ranked({
  community,
  onChoose,
}: {
  readonly community: SoldCommunity;
  readonly onChoose: (community: SoldCommunity) => void;
}) {
  const m = useMarketWords();
  const format = useFormats();
  const { communityName, soldPpm, soldTouches, openTouches, incomeFen } = community;
  return (
    <li>
      <button type="button" className="card market-row market-button" onClick={() => onChoose(community)}>
        <b>{communityName}</b>
        <span className="digits">
          {m.soldPart} {soldPpm === null ? '–' : format.percent(soldPpm / wholePpm)}
        </span>
        <span className="digits soft">{m.soldOfOpen(format.number(soldTouches), format.number(openTouches))}</span>
        <span className="digits">
          {format.money(incomeFen)} · {m.yieldOf} {format.money(perThousand(community))}
        </span>
      </button>
    </li>
  );
}

interface Asked extends Chosen {
  readonly by: 'sold' | 'yield';
  readonly order: 'worst' | 'best';
  readonly search?: string;
}

/** All pages of the list as it is chosen, in one file. */
function DownloadAll({ asked }: { readonly asked: Asked }) {
  const m = useMarketWords();
  const { client } = useApi();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const download = async (): Promise<void> => {
    const rows: (string | number)[][] = [
      [m.communities, m.expected, m.open, m.sold, `${m.soldPart} %`, `${m.income} ¥`, `${m.yieldOf} ¥`],
    ];
    let cursor: string | null = null;
    do {
      const page: { items: readonly SoldCommunity[]; nextCursor: string | null } = await client(
        'GET /v1/sell-through/communities',
        { query: { ...asked, limit: csvPageSize, ...(cursor !== null && { cursor }) } },
      );
      rows.push(...page.items.map(rowOf));
      cursor = page.nextCursor;
    } while (cursor !== null);
    saveFile(`communities-${asked.week}.csv`, 'text/csv', [csvText(rows)]);
  };
  const start = (): void => {
    setBusy(true);
    setError(null);
    void download()
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return (
    <div>
      <Button size="large" loading={isBusy} onClick={start}>
        {m.downloadAll}
      </Button>
      <ProblemNotice error={error} />
    </div>
  );
}

const fenPerYuan = 100;
const rowOf = (one: SoldCommunity): (string | number)[] => [
  one.communityName,
  one.expectedTouches,
  one.openTouches,
  one.soldTouches,
  (one.soldPpm ?? 0) / 10_000,
  one.incomeFen / fenPerYuan,
  perThousand(one) / fenPerYuan,
];
