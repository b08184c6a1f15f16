import { lazy, Suspense } from 'react';
import { Link } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { useAllPages } from '../../kit/api/use-all-pages.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { Bones } from '../../kit/ui/skeleton.tsx';
import { Empty, Failed } from '../../kit/ui/states.tsx';
import { useResultWords } from './result-words.ts';
import { CountersExplained } from './counters-explained.tsx';
import { ExposureDays } from './exposure-days.tsx';
import { FunnelTiles } from './funnel-tiles.tsx';
import { LiftCard } from './lift-card.tsx';
import { funnelOf } from './totals.ts';
import { TraceChains } from './trace-chain.tsx';
import './results.css';

// Below the results, and not before them.
const Bills = lazy(() => import('./bills.tsx').then((module) => ({ default: module.Bills })));

const rows = 200;
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
      <Suspense fallback={null}>
        <Bills campaignId={campaignId} />
      </Suspense>
    </>
  );
}

function Results({ campaignId }: { readonly campaignId: string }) {
  const words = useResultWords();
  const list = { query: { campaignId, limit: rows } };
  const exposures = useAllPages(useReadPages('GET /v1/exposures', list, { refetchInterval }), rows);
  const traces = useAllPages(useReadPages('GET /v1/traces', list, { refetchInterval }), rows);
  const both = [exposures.query, traces.query];

  const failed = both.find((query) => query.error && query.data === undefined);
  if (failed) return <Failed error={failed.error} retry={() => both.forEach((query) => void query.refetch())} />;
  if (both.some((query) => query.data === undefined)) return <Bones heights={[150, 120, 120, 120]} />;
  return (
    <div className="stack">
      <FunnelTiles funnel={funnelOf(exposures.items, traces.items)} title={words.results} />
      <LiftCard campaignId={campaignId} />
      <div className="results-columns">
        <section className="stack">
          <h2 className="section-title">{words.halfHours}</h2>
          <CountersExplained />
          {exposures.items.length > 0 ? (
            <ExposureDays exposures={exposures.items} />
          ) : (
            <Empty icon="chart" title={words.noResults}>
              <p>{words.noResultsHint}</p>
              <Link href={`/book?campaign=${campaignId}`} className="button is-primary">
                {words.bookMore}
              </Link>
            </Empty>
          )}
        </section>
        <section className="stack">
          <div>
            <h2 className="section-title">{words.traces}</h2>
            <p className="soft">{words.tracesHint}</p>
          </div>
          <TraceChains traces={traces.items} />
        </section>
      </div>
    </div>
  );
}
