import type { Community, OwnerDecision } from '@gatecast/cloud-api/client';
import { useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { Blackouts } from '../../kit/console/inventory/blackouts.tsx';
import { DecisionCard } from '../../kit/console/inventory/decision-card.tsx';
import { useInventoryWords } from '../../kit/console/inventory/inventory-words.ts';
import { RecordDecision } from '../../kit/console/inventory/record-decision.tsx';
import { SayWhy } from '../../kit/console/inventory/say-why.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useCommunity } from '../community-context.tsx';

/** Signed links to documents last an hour. */
const refetchMs = 10 * 60_000;

export function OwnerDecisionPage() {
  const { community } = useCommunity();
  return community && <DecisionsOf key={community.id} community={community} />;
}

/** What the owners of a community decided on its screens, what they did before, and the days without adverts. */
function DecisionsOf({ community }: { readonly community: Community }) {
  const m = useInventoryWords();
  const pages = useReadPages(
    'GET /v1/owner-decisions',
    { query: { communityId: community.id } },
    { refetchInterval: refetchMs },
  );
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
        {pages.items.length > 0 && <RecordDecision community={community} isFirst={false} />}
      </div>
      <div className="stack">
        <LoadedPages
          pages={pages}
          empty={
            <Empty icon="hand" title={m.none}>
              <p>{m.noneHint}</p>
              <RecordDecision community={community} isFirst />
            </Empty>
          }
        >
          {(decisions) => <Decisions decisions={decisions} zone={community.zone} />}
        </LoadedPages>
        <LoadMore pages={pages} />
        <Blackouts communityId={community.id} isOperator={false} />
      </div>
    </>
  );
}

const isCurrent = ({ status }: OwnerDecision): boolean => status === 'in-force' || status === 'waiting';

function Decisions({ decisions, zone }: { readonly decisions: readonly OwnerDecision[]; readonly zone: string }) {
  const m = useInventoryWords();
  const past = decisions.filter((one) => !isCurrent(one));
  return (
    <div className="stack">
      {decisions.filter(isCurrent).map((decision) => (
        <DecisionCard key={decision.id} decision={decision} zone={zone}>
          {decision.status === 'in-force' && !decision.isExpired && <Revoke decision={decision} />}
        </DecisionCard>
      ))}
      {past.length > 0 && (
        <details>
          <summary>{m.history}</summary>
          <div className="stack">
            {past.map((decision) => (
              <DecisionCard key={decision.id} decision={decision} zone={zone} />
            ))}
          </div>
        </details>
      )}
    </div>
  );
}

function Revoke({ decision: { id, title } }: { readonly decision: OwnerDecision }) {
  const m = useInventoryWords();
  const revoke = useWrite('POST /v1/owner-decisions/:id/revoke', ['GET /v1/owner-decisions']);
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
