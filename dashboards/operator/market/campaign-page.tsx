import type { Booking } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { ResultLink } from '../results/result-link.tsx';
import { useMarketWords } from './market-words.ts';
import './market.css';

const pageSize = 50;
const milli = 1_000;

/** The line items of one campaign. */
export function CampaignPage({ id }: { readonly id: string }) {
  const m = useMarketWords();
  const pages = useReadPages('GET /v1/bookings', { query: { campaignId: id, limit: pageSize } });
  const [first] = pages.items;
  return (
    <>
      <div className="page-head">
        <div>
          <Link href="/campaigns" className="market-back">
            <Icon name="back" /> {m.campaigns}
          </Link>
          <h1>{first?.campaignName ?? m.lineItems}</h1>
          <p>{first?.merchantName}</p>
        </div>
        {first && <ResultLink campaignId={id} name={first.campaignName} />}
      </div>
      <LoadedPages pages={pages} empty={<Empty icon="list" title={m.noLines} />}>
        {(lines) => (
          <ul className="market-list">
            {lines.map((line) => (
              <LineRow key={line.id} line={line} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}

function LineRow({ line }: { readonly line: Booking }) {
  const m = useMarketWords();
  const format = useFormats();
  const { id, communityName, communityIds, touches, unit, deliveredMilli, priceFen, at, toAt, status, pausedAt } = line;
  const many = communityIds.length;
  return (
    <li>
      <Link href={`/line-items/${id}`} className="card market-row">
        <b>{many > 1 ? m.andMore(communityName, format.number(many)) : communityName}</b>
        <span className="digits">
          {format.dateTime(at, homeZone)} – {format.dateTime(toAt, homeZone)}
        </span>
        <span className="digits">
          {format.number(Math.floor(deliveredMilli / milli))} / {format.number(touches)} {m.units[unit]} ·{' '}
          {format.money(priceFen)}
        </span>
        <span>{status === 'paid' && pausedAt !== null ? m.states.paused : m.statuses[status]}</span>
      </Link>
    </li>
  );
}
