import type { BehindLine, Campaign } from '@gatecast/cloud-api/client';
import { Segmented } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { SearchBox } from '../../kit/console/search-box.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { ResultLink } from '../results/result-link.tsx';
import { useMarketWords } from './market-words.ts';
import './market.css';

const pageSize = 50;

/** What merchants bought: all of it, or what is going to fall short. */
export function CampaignsPage() {
  const m = useMarketWords();
  const [show, setShow] = useState<'all' | 'behind'>(location.hash === '#behind' ? 'behind' : 'all');
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.campaigns}</h1>
          <p>{m.campaignsIntro}</p>
        </div>
      </div>
      <div className="stack">
        <Segmented
          size="large"
          aria-label={m.show}
          value={show}
          options={(['all', 'behind'] as const).map((value) => ({ value, label: m[value] }))}
          onChange={setShow}
        />
        {show === 'all' ? <AllCampaigns /> : <BehindLines />}
      </div>
    </>
  );
}

function AllCampaigns() {
  const m = useMarketWords();
  const [search, setSearch] = useState('');
  const query = { limit: pageSize, ...(search !== '' && { search }) };
  const pages = useReadPages('GET /v1/campaigns', { query });
  return (
    <>
      <SearchBox value={search} label={m.search} onSettled={setSearch} />
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="shop" title={search === '' ? m.none : m.notFound}>
            <p>{search === '' ? m.noneHint : m.notFoundHint}</p>
          </Empty>
        }
      >
        {(campaigns) => (
          <ul className="market-list">
            {campaigns.map((campaign) => (
              <CampaignRow key={campaign.id} campaign={campaign} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}

function CampaignRow({
  campaign: { id, no, name, merchantName, clipTitle, bookings },
}: {
  readonly campaign: Campaign;
}) {
  const m = useMarketWords();
  const format = useFormats();
  return (
    <li className="card market-row market-campaign">
      <Link href={`/campaigns/${id}`}>
        <b>{name}</b> <span className="soft digits">#{no}</span>
      </Link>
      <span>{merchantName}</span>
      <span className="soft">{clipTitle !== '' && `${m.clip}: ${clipTitle}`}</span>
      <span className="digits">{m.paid(format.number(bookings))}</span>
      <ResultLink campaignId={id} name={name} />
    </li>
  );
}

function BehindLines() {
  const m = useMarketWords();
  const pages = useReadPages('GET /v1/delivery/behind', { query: { limit: pageSize } });
  return (
    <>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="check" title={m.noneBehind}>
            <p>{m.noneBehindHint}</p>
          </Empty>
        }
      >
        {(lines) => (
          <ul className="market-list">
            {lines.map((line) => (
              <Behind key={line.bookingId} line={line} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}

function Behind({ line }: { readonly line: BehindLine }) {
  const m = useMarketWords();
  const format = useFormats();
  const { boughtTouches, expectedTouches, reasons, madeGood } = line;
  const isPaused = reasons.includes('paused');
  const place =
    line.communities > 1 ? m.andMore(line.communityName, format.number(line.communities)) : line.communityName;
  return (
    <li className="card stack">
      <div className="row spread">
        <h2>
          <Link href={`/line-items/${line.bookingId}`}>{line.campaignName}</Link>
        </h2>
        <span className="badge is-bad digits">{m.missing(format.number(boughtTouches - expectedTouches))}</span>
      </div>
      <p>
        {line.merchantName} · {place} ·{' '}
        <span className="digits">
          {m.expectedOf(format.number(expectedTouches), format.number(boughtTouches))} {m.units[line.unit]}
        </span>{' '}
        <span className="soft">{m.since(format.dateTime(line.behindSince, homeZone))}</span>
      </p>
      <p>
        {reasons.map((reason) => (
          <span key={reason} className="badge is-warn">
            {m.reasons[reason]}
          </span>
        ))}
      </p>
      <p className="soft">
        {m.whatNext}:{' '}
        {(isPaused ? [m.next.resume] : [m.next.plan, m.next.makeGood(format.number(madeGood)), m.next.refund]).join(
          ' → ',
        )}
      </p>
      <div>
        <ResultLink campaignId={line.campaignId} name={line.campaignName} />
      </div>
    </li>
  );
}
