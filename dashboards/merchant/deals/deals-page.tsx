import type { Deal } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { GroupDots } from '../../kit/deal/group-line.tsx';
import { nextGroup } from '../../kit/deal/group-progress.ts';
import { Price } from '../../kit/deal/price.tsx';
import '../../kit/deal/deal.css';
import { homeZone } from '../../kit/format.ts';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { Field } from '../../kit/ui/field.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Bones } from '../../kit/ui/skeleton.tsx';
import { Empty, Failed } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useDealWords } from './merchant-deal-words.ts';
import './deals.css';

export function DealsPage() {
  const words = useDealWords();
  return (
    <>
      <div className="row spread page-head">
        <h1 className="page-title">{words.deals}</h1>
        <Link href="/deals/new" className="button is-primary">
          <Icon name="plus" /> {words.newDeal}
        </Link>
      </div>
      <DealList />
    </>
  );
}

const rows = 200;
/** More than fit a few looks. */
const searchedFrom = 8;

function DealList() {
  const words = useDealWords();
  const [wanted, setWanted] = useState('');
  const { kit } = useWords();
  const { items, query } = useReadPages('GET /v1/deals', { query: { limit: rows } });
  if (query.isLoading) return <Bones heights={[190, 190]} />;
  if (items.length === 0 && query.error) return <Failed error={query.error} retry={query.refetch} />;
  if (items.length === 0) {
    return (
      <Empty icon="bag" title={words.noDeals}>
        <p>{words.noDealsHint}</p>
        <Link href="/deals/new" className="button is-primary is-large">
          {words.newDeal}
        </Link>
      </Empty>
    );
  }
  const found = items.filter(({ title }) => title.includes(wanted.trim()));
  const running = found.filter(({ status }) => status !== 'closed');
  const over = found.filter(({ status }) => status === 'closed');
  return (
    <div className="stack">
      {items.length > searchedFrom && (
        <Field
          label={words.find}
          type="search"
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
      )}
      {found.length === 0 && <output className="soft">{words.noneFound}</output>}
      <DealCards deals={running} />
      {over.length > 0 && (
        // Nobody has to look past these for what sells; what was looked for is shown wherever it is.
        <details className="stack deals-over" open={running.length === 0 || wanted !== ''}>
          <summary>{words.over(over.length)}</summary>
          <DealCards deals={over} />
        </details>
      )}
      {query.hasNextPage && (
        <button
          type="button"
          className="button is-wide"
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {kit.loadMore}
        </button>
      )}
    </div>
  );
}

const DealCards = ({ deals }: { readonly deals: readonly Deal[] }) => (
  <ul className="card-grid">
    {deals.map((deal) => (
      <li key={deal.id}>
        <DealCard deal={deal} />
      </li>
    ))}
  </ul>
);

const tones: Record<Deal['status'], string> = {
  scheduled: 'is-brand',
  open: 'is-good',
  'sold-out': 'is-warn',
  closed: '',
  paused: 'is-bad',
};
const lookMs = 15_000;

function DealCard({ deal }: { readonly deal: Deal }) {
  const words = useDealWords();
  const formats = useFormats();
  const group = nextGroup(deal, useNow(lookMs));
  return (
    <article className="card merchant-deal">
      <div className="campaign-head">
        <div className="thumb">
          {deal.imageUrl ? <img src={deal.imageUrl} alt="" loading="lazy" /> : <Icon name="bag" />}
        </div>
        <div>
          <h2>{deal.title}</h2>
          <p className="row">
            <span className={`badge ${tones[deal.status]}`}>{words.dealStatus[deal.status]}</span>
            <span className="soft digits">
              {formats.dateTime(deal.opensAt, homeZone)} – {formats.dateTime(deal.closesAt, homeZone)}
            </span>
          </p>
        </div>
      </div>
      <Price groupPriceFen={deal.groupPriceFen} singlePriceFen={deal.singlePriceFen} />
      <div>
        <p className="row spread">
          <span>{words.sold(formats.number(deal.stock - deal.left))}</span>
          <strong className="digits">{words.stockLeft(formats.number(deal.left), formats.number(deal.stock))}</strong>
        </p>
        <progress
          className="progress"
          max={deal.stock}
          value={deal.stock - deal.left}
          aria-label={words.stockLeft(String(deal.left), String(deal.stock))}
        />
      </div>
      <p className="row spread">
        <span className="soft">
          {group.kind === 'join' ? words.openGroupOf(group.paid, group.size) : words.noOpenGroup}
        </span>
        {group.kind === 'join' && <GroupDots group={group} />}
      </p>
      <a href={`/h5/deals/${deal.id}`} target="_blank" rel="noreferrer" className="button">
        <Icon name="qr" /> {words.openPage}
      </a>
    </article>
  );
}
