import type { Deal } from '@gatecast/cloud-api/client';
import { homeZone } from '../format.ts';
import { useFormats } from '../i18n/language-context.tsx';
import { Icon } from '../ui/icon.tsx';
import { useDealWords } from './deal-words.ts';
import { GroupLine } from './group-line.tsx';
import type { GroupProgress } from './group-progress.ts';
import { Price } from './price.tsx';
import './deal.css';

/** What a resident sees of a deal first. */
export type DealFaceFacts = Pick<
  Deal,
  'title' | 'description' | 'imageUrl' | 'singlePriceFen' | 'groupPriceFen' | 'left' | 'status' | 'opensAt' | 'closesAt'
>;

/** The picture of a deal, or a quiet stand-in; always as high, so that nothing jumps when it arrives. */
export function DealPicture({
  imageUrl,
  eager = false,
  large = false,
}: {
  readonly imageUrl: string | null;
  readonly eager?: boolean;
  /** Takes most of a phone's first view: a square, as posters stand upright. */
  readonly large?: boolean;
}) {
  return (
    <div className={large ? 'deal-picture is-large' : 'deal-picture'}>
      {imageUrl ? (
        <img src={imageUrl} alt="" loading={eager ? 'eager' : 'lazy'} decoding="async" />
      ) : (
        <Icon name="bag" size={56} />
      )}
    </div>
  );
}

/** Stock and time of a deal in a few words. */
export function DealFacts({ deal }: { readonly deal: Pick<Deal, 'left' | 'status' | 'opensAt' | 'closesAt'> }) {
  const words = useDealWords();
  const formats = useFormats();
  if (deal.status === 'sold-out') return <span className="badge">{words.soldOut}</span>;
  if (deal.status === 'closed') return <span className="badge">{words.closed}</span>;
  if (deal.status === 'paused') return <span className="badge is-warn">{words.paused}</span>;
  if (deal.status === 'scheduled') {
    return <span className="badge is-brand">{words.opensAt(formats.dateTime(deal.opensAt, homeZone))}</span>;
  }
  return (
    <>
      <span className={deal.left <= 10 ? 'badge is-bad' : 'badge'}>{words.inStock(deal.left)}</span>
      <span className="deal-ends">{words.endsAt(formats.dateTime(deal.closesAt, homeZone))}</span>
    </>
  );
}

interface DealFaceProps {
  readonly deal: DealFaceFacts;
  readonly group: GroupProgress;
  readonly heading?: 'h1' | 'h3';
  readonly onGroupOver?: () => void;
}

/** The upper half of a deal's page: picture, price, title, words, stock and the group that waits. */
export function DealFace({ deal, group, heading: Heading = 'h1', onGroupOver }: DealFaceProps) {
  return (
    <>
      <DealPicture imageUrl={deal.imageUrl} eager large />
      <section className="deal-sheet">
        <Price groupPriceFen={deal.groupPriceFen} singlePriceFen={deal.singlePriceFen} large />
        <Heading>{deal.title}</Heading>
        {deal.description && <p className="deal-description">{deal.description}</p>}
        <div className="row">
          <DealFacts deal={deal} />
        </div>
        {deal.status === 'open' && <GroupLine group={group} {...(onGroupOver ? { onOver: onGroupOver } : {})} />}
      </section>
    </>
  );
}
