import { Link } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { Price } from '../../kit/deal/price.tsx';
import '../../kit/deal/deal.css';
import { useSession } from '../../kit/session/session-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { usePartnerWords } from './partner-words.ts';

/** Where a group leader or a supplier arrives: what they are here for, and the little that is theirs to see. */
export function PartnerPage() {
  const words = usePartnerWords();
  const me = useSession().session?.me;
  if (!me) return null;
  const isLeader = me.role === 'leader';
  const party = me.scope?.name ?? '';
  return (
    <div className="stack">
      <h1 className="page-title">{words.hello(me.name)}</h1>
      <section className="card stack">
        <p>
          <b>{isLeader ? words.leader(party) : words.supplier(party)}</b>
        </p>
        <p>{isLeader ? words.leaderHint : words.supplierHint}</p>
        <div>
          <Link href="/account" className="button">
            {words.account}
          </Link>
        </div>
      </section>
      {isLeader && me.scope && <CommunityDeals communityId={me.scope.id} />}
    </div>
  );
}

function CommunityDeals({ communityId }: { readonly communityId: string }) {
  const words = usePartnerWords();
  const pages = useReadPages('GET /v1/deals', { query: { communityId } });
  return (
    <>
      <h2>{words.deals}</h2>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="bag" title={words.none}>
            <p>{words.noneHint}</p>
          </Empty>
        }
      >
        {(deals) => (
          <ul className="stack">
            {deals.map((deal) => (
              <li key={deal.id} className="card stack">
                <h3>{deal.title}</h3>
                <Price groupPriceFen={deal.groupPriceFen} singlePriceFen={deal.singlePriceFen} />
                <a href={`/h5/deals/${deal.id}`} target="_blank" rel="noreferrer" className="button">
                  {words.open}
                </a>
              </li>
            ))}
          </ul>
        )}
      </LoadedPages>
    </>
  );
}
