import { useReadPages } from '../../kit/api/api-context.tsx';
import { LanguageSwitch } from '../../kit/ui/language-switch.tsx';
import { Bones } from '../../kit/ui/skeleton.tsx';
import { Empty, Failed } from '../../kit/ui/states.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { TabBar } from '../tab-bar.tsx';
import { useMessages } from '../messages/use-messages.ts';
import { DealCard } from './deal-card.tsx';
import { inShopOrder } from './deal-order.ts';
import { useMyCommunity } from './use-my-community.ts';

/** Somebody not signed in gets no live events; the list asks again by itself. */
const refreshMs = 20_000;

export function DealListPage() {
  const words = useMessages();
  const community = useMyCommunity();
  return (
    <>
      <header className="shop-front">
        <div className="row spread">
          <strong className="shop-name">{words.title}</strong>
          <LanguageSwitch />
        </div>
        <h1>{community.name ? words.dealsOf(community.name) : words.dealsNearby}</h1>
        <p>{words.dealsLead}</p>
      </header>
      <main className="page deal-list">
        {community.asking ? <ListBones /> : <DealList communityId={community.id} />}
      </main>
      <TabBar />
    </>
  );
}

const ListBones = () => <Bones heights={[370, 370]} />;

function DealList({ communityId }: { readonly communityId: string | undefined }) {
  const words = useMessages();
  const { kit } = useWords();
  const query = communityId ? { communityId } : {};
  const deals = useReadPages('GET /v1/deals', { query }, { refetchInterval: refreshMs });
  if (deals.query.isLoading) return <ListBones />;
  if (deals.items.length === 0 && deals.query.error) {
    return <Failed error={deals.query.error} retry={deals.query.refetch} />;
  }
  const shown = inShopOrder(deals.items);
  if (shown.length === 0) {
    return (
      <Empty icon="bag" title={words.noDeals}>
        <p>{words.noDealsHint}</p>
      </Empty>
    );
  }
  return (
    <>
      <ul className="stack">
        {shown.map((deal, index) => (
          <li key={deal.id}>
            <DealCard deal={deal} eager={index < 2} />
          </li>
        ))}
      </ul>
      {deals.query.hasNextPage && (
        <button
          type="button"
          className="button is-wide"
          disabled={deals.query.isFetchingNextPage}
          onClick={() => void deals.query.fetchNextPage()}
        >
          {kit.loadMore}
        </button>
      )}
    </>
  );
}
