import { Link } from 'wouter';
import { useRead, useReadPages } from '../../kit/api/api-context.tsx';
import { laterPage } from '../../kit/code/later.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Bones } from '../../kit/ui/skeleton.tsx';
import { Empty, Failed } from '../../kit/ui/states.tsx';
import { useResultWords } from './result-words.ts';
import { CountersExplained } from './counters-explained.tsx';
import { CommunityBars } from './community-bars.tsx';
import { CostTiles } from './cost-tiles.tsx';
import { ExpectedPart } from '../../kit/result/expected-part.tsx';
import { LiftCard } from '../../kit/result/lift-card.tsx';
import { MoreButton } from './more-button.tsx';
import { ComingHalfHours, ResultDays } from './result-days.tsx';
import { SaveResults } from '../../kit/result/save-results.tsx';
import { TraceChains } from './trace-chain.tsx';
import './results.css';

// Below the results, and not before them.
const Bills = laterPage(() => import('./bills.tsx').then((module) => module.Bills), []);

const rows = 200;
const tracesPerPage = 20;
/** Results are published by live events; this catches up after a gap. */
const refetchInterval = 30_000;

export function ResultsPage({ campaignId }: { readonly campaignId: string }) {
  const words = useResultWords();
  const campaigns = useReadPages('GET /v1/campaigns', { query: { limit: rows } });
  const name = campaigns.items.find((campaign) => campaign.id === campaignId)?.name;
  return (
    <>
      <div className="page-head">
        <Link href="/" className="round-button" aria-label={words.backToOverview}>
          <Icon name="back" size={24} />
        </Link>
        <h1 className="page-title">{name ?? words.results}</h1>
      </div>
      <Results campaignId={campaignId} />
      <Bills campaignId={campaignId} />
    </>
  );
}

function Results({ campaignId }: { readonly campaignId: string }) {
  const words = useResultWords();
  const query = useRead('GET /v1/campaigns/:id/result', { params: { id: campaignId }, query: {} }, { refetchInterval });
  const result = query.data;
  if (result === undefined) {
    if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />;
    return <Bones heights={[150, 120, 120, 120]} />;
  }
  return (
    <div className="stack">
      <CostTiles totals={result.totals} title={words.results} />
      <ExpectedPart segments={result.segments} />
      {result.days.length > 0 && <SaveResults result={result} />}
      <LiftCard campaignId={campaignId} />
      <CommunityBars result={result} />
      <div className="results-columns">
        <section className="stack">
          <h2 className="section-title">{words.halfHours}</h2>
          <CountersExplained />
          {result.lineItems.length > 0 && <ComingHalfHours campaignId={campaignId} />}
          {result.lineItems.length > 0 || result.days.length > 0 ? (
            <ResultDays result={result} />
          ) : (
            <Empty icon="chart" title={words.noResults}>
              <p>{words.noResultsHint}</p>
              <Link href={`/book?campaign=${campaignId}`} className="button is-primary">
                {words.bookMore}
              </Link>
            </Empty>
          )}
        </section>
        <Traces campaignId={campaignId} />
      </div>
    </div>
  );
}

function Traces({ campaignId }: { readonly campaignId: string }) {
  const words = useResultWords();
  const list = { query: { campaignId, limit: tracesPerPage } };
  const { items, query } = useReadPages('GET /v1/traces', list, { refetchInterval });
  return (
    <section className="stack">
      <div>
        <h2 className="section-title">{words.traces}</h2>
        <p className="soft">{words.tracesHint}</p>
      </div>
      {query.data === undefined && !query.error && <Bones heights={[120, 120]} />}
      {query.error && items.length === 0 && <Failed error={query.error} retry={() => void query.refetch()} />}
      {query.data !== undefined && <TraceChains traces={items} />}
      {query.hasNextPage && <MoreButton isBusy={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />}
    </section>
  );
}
