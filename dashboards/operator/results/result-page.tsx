import type { CampaignResult } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useCostWords } from '../../kit/result/cost-words.ts';
import { ExpectedPart } from '../../kit/result/expected-part.tsx';
import { LiftCard } from '../../kit/result/lift-card.tsx';
import { SaveResults } from '../../kit/result/save-results.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { ResultFacts } from './result-facts.tsx';
import { ByCommunity, ByDay, ByLineItem, ByPlacement } from './result-tables.tsx';
import { useOperatorResultWords } from './result-words.ts';
import '../market/market.css';
import './results.css';

/** Reports come by the half-hour. */
const refetchInterval = 60_000;

/** What a merchant's campaign brought, with the figures that the merchant sees: for whoever answers their call. */
export function ResultPage({ campaignId }: { readonly campaignId: string }) {
  const result = useRead(
    'GET /v1/campaigns/:id/result',
    { params: { id: campaignId }, query: {} },
    { refetchInterval },
  );
  return <Loaded query={result}>{(data) => <Told result={data} />}</Loaded>;
}

function Told({ result }: { readonly result: CampaignResult }) {
  const m = useOperatorResultWords();
  const { campaignId, campaignName, days, lineItems, from, to } = result;
  return (
    <>
      <div className="page-head">
        <div>
          <Link href={`/campaigns/${campaignId}`} className="market-back">
            <Icon name="back" /> {campaignName}
          </Link>
          <h1>{m.result}</h1>
          {days.length > 0 && <p className="digits">{m.span(from, to)}</p>}
        </div>
        {days.length > 0 && <SaveResults result={result} />}
      </div>
      {days.length === 0 && lineItems.length === 0 ? (
        <Empty icon="chart" title={m.none}>
          <p>{m.noneHint}</p>
          <Link href={`/campaigns/${campaignId}`} className="button">
            {m.line}
          </Link>
        </Empty>
      ) : (
        <Figures result={result} />
      )}
    </>
  );
}

function Figures({ result }: { readonly result: CampaignResult }) {
  const costs = useCostWords();
  const format = useFormats();
  const { silentHalfHours } = result.totals;
  return (
    <div className="stack result">
      <ResultFacts totals={result.totals} />
      <ExpectedPart segments={result.segments} />
      {silentHalfHours > 0 && <p className="notice is-warn">{costs.silent(format.number(silentHalfHours))}</p>}
      <ByLineItem result={result} />
      <ByCommunity result={result} />
      <ByDay result={result} />
      <ByPlacement result={result} />
      <LiftCard campaignId={result.campaignId} />
    </div>
  );
}
