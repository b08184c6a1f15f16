import type { Deal } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { DealFacts, DealPicture } from '../../kit/deal/deal-face.tsx';
import { GroupDots, useGroupSentence } from '../../kit/deal/group-line.tsx';
import { nextGroup } from '../../kit/deal/group-progress.ts';
import { Price } from '../../kit/deal/price.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useNow } from '../../kit/use-now.ts';

/** How often a card looks whether its group's time is over. */
const lookMs = 15_000;

export function DealCard({ deal, eager }: { readonly deal: Deal; readonly eager: boolean }) {
  const now = useNow(lookMs);
  const sentence = useGroupSentence();
  const group = nextGroup(deal, now);
  return (
    <Link href={`/deals/${deal.id}`} className={`deal-card is-${deal.status}`}>
      <DealPicture imageUrl={deal.imageUrl} eager={eager} />
      <div className="deal-card-text">
        <h2>{deal.title}</h2>
        <Price groupPriceFen={deal.groupPriceFen} singlePriceFen={deal.singlePriceFen} />
        <p className="deal-card-store">
          <Icon name="shop" size={16} /> {deal.storeName}
        </p>
        {deal.status === 'open' ? (
          <div className="deal-card-group">
            <strong>{sentence(group)}</strong>
            <GroupDots group={group} />
          </div>
        ) : (
          <DealFacts deal={deal} />
        )}
      </div>
    </Link>
  );
}
