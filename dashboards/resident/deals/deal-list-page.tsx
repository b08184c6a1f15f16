import { useRead } from '../../kit/api/api-context.tsx';
import { LanguageSwitch } from '../../kit/ui/language-switch.tsx';
import { Bones, LoadedOver } from '../../kit/ui/skeleton.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { TabBar } from '../tab-bar.tsx';
import { useMessages } from '../messages/use-messages.ts';
import { DealCard } from './deal-card.tsx';
import { inShopOrder } from './deal-order.ts';
import { useMyCommunity } from './use-my-community.ts';

/** Somebody not signed in gets no live events; the list asks again by itself. */
const refreshMs = 20_000;
const boneHeights = [370, 370];

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
        {community.asking ? <Bones heights={boneHeights} /> : <DealList communityId={community.id} />}
      </main>
      <TabBar />
    </>
  );
}

/** More deals than any community has at once. */
const dealsMax = 200;

function DealList({ communityId }: { readonly communityId: string | undefined }) {
  const words = useMessages();
  const query = { limit: dealsMax, ...(communityId ? { communityId } : {}) };
  const deals = useRead('GET /v1/deals', { query }, { refetchInterval: refreshMs });
  return (
    <LoadedOver query={deals} heights={boneHeights}>
      {({ items }) => {
        const shown = inShopOrder(items);
        return shown.length === 0 ? (
          <Empty icon="bag" title={words.noDeals}>
            <p>{words.noDealsHint}</p>
          </Empty>
        ) : (
          <ul className="stack">
            {shown.map((deal, index) => (
              <li key={deal.id}>
                <DealCard deal={deal} eager={index < 2} />
              </li>
            ))}
          </ul>
        );
      }}
    </LoadedOver>
  );
}
