import type { Booking } from '@gatecast/cloud-api/client';
import { App, Button } from 'antd';
import { Link } from 'wouter';
import { useRead, useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { SayWhy } from '../../kit/console/inventory/say-why.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty, Loaded, ProblemNotice } from '../../kit/ui/states.tsx';
import { ResultLink } from '../results/result-link.tsx';
import { FactList } from './fact-list.tsx';
import { LineProgress } from './line-progress.tsx';
import { useMarketWords } from './market-words.ts';
import './market.css';

const pageSize = 50;
const reads = [
  'GET /v1/bookings/:id',
  'GET /v1/bookings',
  'GET /v1/bookings/:id/progress',
  'GET /v1/delivery/behind',
  'GET /v1/audit',
] as const;

/** One line item under review: what was bought, what it got, what was done about it, and the brake. */
export function LineItemPage({ id }: { readonly id: string }) {
  const booking = useRead('GET /v1/bookings/:id', { params: { id } });
  return <Loaded query={booking}>{(line) => <Reviewed line={line} />}</Loaded>;
}

function Reviewed({ line }: { readonly line: Booking }) {
  const m = useMarketWords();
  const mayPause = line.status === 'paid' && line.cancelledAt === null;
  return (
    <>
      <div className="page-head">
        <div>
          <Link href={`/campaigns/${line.campaignId}`} className="market-back">
            <Icon name="back" /> {line.campaignName}
          </Link>
          <h1>{m.lineItem}</h1>
          <p>{line.merchantName}</p>
        </div>
        <div className="row">
          <ResultLink campaignId={line.campaignId} name={line.campaignName} />
          {mayPause && (line.pausedAt === null ? <Pause line={line} /> : <Resume line={line} />)}
        </div>
      </div>
      <div className="stack">
        {line.pausedAt !== null && <Paused line={line} />}
        <Facts line={line} />
        <LineProgress id={line.id} unit={line.unit} />
        <History id={line.id} />
      </div>
    </>
  );
}

function Paused({ line: { pausedAt, pausedBy, pausedReason } }: { readonly line: Booking }) {
  const m = useMarketWords();
  const format = useFormats();
  return (
    <p className="notice is-warn">
      <Icon name="pause" />
      <span>
        {m.pausedSince(format.dateTime(pausedAt ?? 0, homeZone), m.by[pausedBy ?? 'merchant'])}
        {pausedReason !== null && <>: {pausedReason}</>}
      </span>
    </p>
  );
}

function Pause({ line }: { readonly line: Booking }) {
  const m = useMarketWords();
  const write = useWrite('PATCH /v1/bookings/:id', reads);
  return (
    <SayWhy
      label={m.pause}
      about={line.campaignName}
      title={m.pause}
      warning={<p>{m.pauseHint}</p>}
      write={write}
      onSubmit={(reason) => write.mutateAsync({ params: { id: line.id }, body: { paused: true, reason } })}
    />
  );
}

function Resume({ line }: { readonly line: Booking }) {
  const m = useMarketWords();
  const { message } = App.useApp();
  const write = useWrite('PATCH /v1/bookings/:id', reads);
  return (
    <div>
      <Button
        type="primary"
        size="large"
        loading={write.isPending}
        onClick={() =>
          write.mutate(
            { params: { id: line.id }, body: { paused: false } },
            { onSuccess: () => void message.success(m.resumed) },
          )
        }
      >
        {m.resume}
      </Button>
      <ProblemNotice error={write.error} />
    </div>
  );
}

function Facts({ line }: { readonly line: Booking }) {
  const m = useMarketWords();
  const format = useFormats();
  const many = line.communityIds.length;
  const facts = [
    [m.bought, `${format.number(line.touches)} ${m.units[line.unit]}`],
    [m.price, format.money(line.priceFen)],
    [m.refunded, format.money(line.refundedFen)],
    [m.places, many > 1 ? m.andMore(line.communityName, format.number(many)) : line.communityName],
    [m.span, `${format.dateTime(line.at, homeZone)} – ${format.dateTime(line.toAt, homeZone)}`],
    [m.state, line.status === 'paid' && line.pausedAt !== null ? m.states.paused : m.statuses[line.status]],
  ] as const;
  return <FactList facts={facts} />;
}

/** What colleagues, its merchant and the program did to it. */
function History({ id }: { readonly id: string }) {
  const m = useMarketWords();
  const format = useFormats();
  const pages = useReadPages('GET /v1/audit', { query: { subject: id, limit: pageSize } });
  return (
    <section className="stack">
      <h2>{m.history}</h2>
      <LoadedPages pages={pages} empty={<Empty icon="clock" title={m.noHistory} />}>
        {(entries) => (
          <ol className="card market-history">
            {entries.map(({ id: entry, at, actor, action, facts }) => (
              <li key={entry}>
                <span className="digits soft">{format.dateTime(at, homeZone)}</span>{' '}
                <b>{m.actions[action] ?? action}</b> {actor?.name ?? m.program}
                {typeof facts['reason'] === 'string' && <>: {facts['reason']}</>}
              </li>
            ))}
          </ol>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </section>
  );
}
