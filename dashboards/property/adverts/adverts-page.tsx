import type { AdvertHere, OwnersAccount } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { useCategoryWords } from '../../kit/content/category-words.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { useCommunity } from '../community-context.tsx';
import { useAdvertWords } from './advert-words.ts';
import './adverts.css';

/** What merchants show on the screens of the community that is chosen, and what its owners get for it. */
export function AdvertsPage() {
  const { community } = useCommunity();
  return community && <AdvertsOf key={community.id} id={community.id} zone={community.zone} />;
}

function AdvertsOf({ id, zone }: { readonly id: string; readonly zone: string }) {
  const m = useAdvertWords();
  const adverts = useRead('GET /v1/communities/:id/adverts', { params: { id } });
  const account = useRead('GET /v1/communities/:id/ad-income', { params: { id } });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
      </div>
      <div className="stack">
        <Loaded query={account}>{(data) => <Share account={data} />}</Loaded>
        <h2>{m.playing}</h2>
        <Loaded query={adverts}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty icon="film" title={m.none}>
                <p>{m.noneHint}</p>
                <Link href="/owner-decision">{m.toDecision}</Link>
              </Empty>
            ) : (
              <ul className="adverts">
                {items.map((advert) => (
                  <Advert key={advert.campaignId} advert={advert} zone={zone} />
                ))}
              </ul>
            )
          }
        </Loaded>
        <p className="soft">{m.objections}</p>
      </div>
    </>
  );
}

function Share({ account }: { readonly account: OwnersAccount }) {
  const m = useAdvertWords();
  const format = useFormats();
  return (
    <section className="card row spread">
      <span>
        {m.owners} <strong className="digits">{format.money(account.owedOwnersFen)}</strong>
      </span>
      <Link href="/ad-income">{m.toIncome}</Link>
    </section>
  );
}

function Advert({ advert, zone }: { readonly advert: AdvertHere; readonly zone: string }) {
  const m = useAdvertWords();
  const words = useCategoryWords();
  const format = useFormats();
  const { clipTitle, merchantName, category, posterUrl, placements, nextAt, touches } = advert;
  return (
    <li className="card advert">
      {posterUrl === null ? (
        <span className="advert-poster">
          <Icon name="film" />
        </span>
      ) : (
        <img className="advert-poster" src={posterUrl} alt="" loading="lazy" />
      )}
      <div>
        <b>{clipTitle}</b>
        <p>
          {merchantName}
          {category !== null && <span className="soft"> · {words.categories[category]}</span>}
        </p>
        <p className="soft">
          {placements.map((one) => m.placements[one]).join(m.and)} ·{' '}
          <span className="digits">{m.next(format.dateTime(nextAt, zone))}</span> ·{' '}
          <span className="digits">{m.touches(format.number(touches))}</span>
        </p>
      </div>
    </li>
  );
}
