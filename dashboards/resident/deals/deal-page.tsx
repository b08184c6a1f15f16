import { ApiError } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { DealFace } from '../../kit/deal/deal-face.tsx';
import { nextGroup } from '../../kit/deal/group-progress.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedOver } from '../../kit/ui/skeleton.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useMessages } from '../messages/use-messages.ts';
import { HowItWorks, RefundPromise } from './how-it-works.tsx';
import { OrderBar } from './order-bar.tsx';
import { StoreCard } from './store-card.tsx';

const refreshMs = 10_000;
const lookMs = 5_000;

export function DealPage({ id }: { readonly id: string }) {
  const words = useMessages();
  const query = useRead('GET /v1/deals/:id', { params: { id } }, { refetchInterval: refreshMs });
  const now = useNow(lookMs);
  return (
    <>
      <header className="deal-top">
        <Link href="/" className="round-button is-floating" aria-label={words.back}>
          <Icon name="back" size={24} />
        </Link>
      </header>
      <main className="deal-page">
        {!query.data && <h1 className="visually-hidden">{words.title}</h1>}
        {isGone(query.error) ? (
          <Gone />
        ) : (
          <LoadedOver query={query} heights={[390, 180, 120, 220]}>
            {(deal) => (
              <>
                <DealFace deal={deal} group={nextGroup(deal, now)} onGroupOver={() => void query.refetch()} />
                <div className="page">
                  <StoreCard name={deal.storeName} address={deal.storeAddress} hours={deal.storeHours} />
                  <HowItWorks storeName={deal.storeName} groupHours={deal.groupHours} />
                  <RefundPromise />
                </div>
                <OrderBar deal={deal} joins={nextGroup(deal, now).kind === 'join'} />
              </>
            )}
          </LoadedOver>
        )}
      </main>
    </>
  );
}

/** A shared address outlives its deal. */
const isGone = (error: unknown): boolean => error instanceof ApiError && error.problem.status === 404;

function Gone() {
  const words = useMessages();
  return (
    <Empty icon="bag" title={words.dealGone}>
      <Link href="/" className="button is-primary is-large">
        {words.otherDeals}
      </Link>
    </Empty>
  );
}
