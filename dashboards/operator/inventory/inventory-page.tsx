import type { SellingState } from '@gatecast/cloud-api/client';
import { App, Button } from 'antd';
import type { ComponentProps } from 'react';
import { useSearchParams } from 'wouter';
import { useRead, useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { Blackouts } from '../../kit/console/inventory/blackouts.tsx';
import { DecisionCard } from '../../kit/console/inventory/decision-card.tsx';
import { useInventoryWords } from '../../kit/console/inventory/inventory-words.ts';
import { RecordDecision } from '../../kit/console/inventory/record-decision.tsx';
import { SayWhy } from '../../kit/console/inventory/say-why.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { problemSentence } from '../../kit/i18n/problem-sentence.ts';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Loaded } from '../../kit/ui/states.tsx';
import { ChooseCommunity } from '../parties/choose-community.tsx';
import { DeclinedAdverts } from '../parties/declined-adverts.tsx';
import { useInventoryPageWords } from './page-words.ts';
import { UnsoldCommunities } from './unsold-communities.tsx';
import { RateCardCard } from './rate-card-card.tsx';
import './inventory-page.css';

/** Signed links to documents last an hour. */
const refetchMs = 10 * 60_000;
const secondMs = 1_000;

/** What is for sale, at what price, and on which days not: of the network, or of one community. */
export function InventoryPage() {
  const m = useInventoryPageWords();
  const [search, setSearch] = useSearchParams();
  const communityId = search.get('community');
  const choose = (id: string | null): void => setSearch(id === null ? {} : { community: id });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
        <ChooseWhere id={communityId} onChange={choose} />
      </div>
      <div className="stack">
        {communityId === null ? (
          <>
            <WaitingDecisions />
            <UnsoldCommunities onRecord={choose} />
          </>
        ) : (
          <CommunityState key={communityId} id={communityId} />
        )}
        <RateCardCard key={`rates ${communityId}`} communityId={communityId} />
        <Blackouts key={`blackouts ${communityId}`} communityId={communityId} isOperator />
      </div>
    </>
  );
}

const useSelling = (id: string) =>
  useRead('GET /v1/communities/:id/selling', { params: { id } }, { refetchInterval: refetchMs });

interface ChooseWhereProps {
  /** Null: the whole network. */
  readonly id: string | null;
  readonly onChange: (id: string | null) => void;
}

function ChooseWhere({ id, onChange }: ChooseWhereProps) {
  const m = useInventoryPageWords();
  const about = { label: m.where, none: m.network, onChange };
  return id === null ? <ChooseCommunity {...about} value={null} /> : <ChooseNamed {...about} id={id} />;
}

/** The chosen one may be none that the list begins with. */
function ChooseNamed({
  id,
  ...about
}: Omit<ComponentProps<typeof ChooseCommunity>, 'value'> & { readonly id: string }) {
  const { data } = useSelling(id);
  return <ChooseCommunity {...about} value={id} name={data?.community.name} />;
}

const refreshed = ['GET /v1/owner-decisions', 'GET /v1/communities/:id/selling'] as const;

/** Handed in by property managers, each to be compared with its document. */
function WaitingDecisions() {
  const m = useInventoryPageWords();
  const pages = useReadPages(
    'GET /v1/owner-decisions',
    { query: { status: 'waiting' } },
    { refetchInterval: refetchMs },
  );
  return (
    <section className="stack" aria-label={m.waiting}>
      <h2>{m.waiting}</h2>
      <LoadedPages pages={pages} empty={<p className="soft">{m.waitingNone}</p>}>
        {(decisions) => (
          <div className="stack">
            {decisions.map((decision) => (
              <DecisionCard key={decision.id} decision={decision} showCommunity>
                <Decide id={decision.id} title={decision.title} />
              </DecisionCard>
            ))}
          </div>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </section>
  );
}

function Decide({ id, title }: { readonly id: string; readonly title: string }) {
  const m = useInventoryWords();
  const { kit } = useWords();
  const { message } = App.useApp();
  const confirm = useWrite('POST /v1/owner-decisions/:id/confirm', refreshed);
  const refuse = useWrite('POST /v1/owner-decisions/:id/refuse', refreshed);
  // The card is gone before this is answered.
  const press = (): void =>
    void confirm.mutateAsync({ params: { id } }).then(
      () => message.success(m.confirmed),
      (error: unknown) => message.error(problemSentence(error, kit)),
    );
  return (
    <>
      <Button
        type="primary"
        size="large"
        loading={confirm.isPending}
        onClick={press}
        aria-label={`${m.confirm} ${title}`}
      >
        {m.confirm}
      </Button>
      <SayWhy
        label={m.refuse}
        about={title}
        title={m.refuseTitle}
        write={refuse}
        onSubmit={(note) => refuse.mutateAsync({ params: { id }, body: { note } })}
      />
    </>
  );
}

/** One community: whether it sells, by which decision, and what is kept off and apart on its screens. */
function CommunityState({ id }: { readonly id: string }) {
  const m = useInventoryPageWords();
  const state = useSelling(id);
  return (
    <section className="stack" aria-label={m.state}>
      <Loaded query={state}>{(selling) => <StateCards selling={selling} />}</Loaded>
    </section>
  );
}

function StateCards({ selling }: { readonly selling: SellingState }) {
  const m = useInventoryPageWords();
  const { formats } = useWords();
  const { community, reason, decision, competitorGapMs } = selling;
  return (
    <>
      <div className="card inventory-state">
        <span className={`badge ${reason === null ? 'is-good' : 'is-warn'}`}>
          {reason === null ? m.sells : m.reasons[reason]}
        </span>
        <span className="soft">
          {competitorGapMs === 0 ? m.gapNone : m.gap(formats.number(competitorGapMs / secondMs))}
        </span>
        <span className="inventory-state-buttons">
          <DeclinedAdverts communityId={community.id} name={community.name} />
          <RecordDecision community={community} isFirst={decision === null} />
        </span>
      </div>
      {decision && (
        <DecisionCard decision={decision} zone={community.zone}>
          <Revoke id={decision.id} title={decision.title} />
        </DecisionCard>
      )}
    </>
  );
}

function Revoke({ id, title }: { readonly id: string; readonly title: string }) {
  const m = useInventoryWords();
  const revoke = useWrite('POST /v1/owner-decisions/:id/revoke', refreshed);
  return (
    <SayWhy
      label={m.revoke}
      about={title}
      title={m.revokeTitle}
      warning={<p className="notice is-warn">{m.revokeWarning}</p>}
      write={revoke}
      onSubmit={(note) => revoke.mutateAsync({ params: { id }, body: { note } })}
    />
  );
}
