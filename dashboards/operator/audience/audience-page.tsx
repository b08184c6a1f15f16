import type { RankedCommunity } from '@gatecast/cloud-api/client';
import { Link, useLocation } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { ChooseCommunity } from '../parties/choose-community.tsx';
import { usePartText } from './accuracy-facts.tsx';
import { HolidaysNote } from './holidays-page.tsx';
import { useAudienceWords } from './audience-words.ts';
import './audience.css';

/** Communities whose forecasts were furthest off stand first; any community can be looked at. */
export function AudiencePage() {
  const m = useAudienceWords();
  const [, go] = useLocation();
  const pages = useReadPages('GET /v1/audience/communities', {});
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
        <ChooseCommunity label={m.choose} value={null} onChange={(id) => id !== null && go(`/audience/${id}`)} />
      </div>
      <div className="audience-page">
        <HolidaysNote />
        <LoadedPages
          pages={pages}
          empty={
            <Empty icon="chart" title={m.empty}>
              <p>{m.emptyHint}</p>
            </Empty>
          }
        >
          {(communities) => (
            <section aria-label={m.worst}>
              <h2>{m.worst}</h2>
              <p className="soft">{m.worstHint}</p>
              <ul className="audience-ranking">
                {communities.map((community) => (
                  <Ranked key={community.communityId} community={community} />
                ))}
              </ul>
            </section>
          )}
        </LoadedPages>
        <LoadMore pages={pages} />
      </div>
    </>
  );
}

function Ranked({ community }: { readonly community: RankedCommunity }) {
  const m = useAudienceWords();
  const part = usePartText();
  const facts = [
    [m.error, community.wapePpm],
    [m.within, community.coveragePpm],
    [m.bias, community.biasPpm],
  ] as const;
  return (
    <li>
      <Link href={`/audience/${community.communityId}`} className="card audience-ranked">
        <b>{community.communityName}</b>
        {facts.map(([name, ppm]) => (
          <span key={name}>
            <span className="soft">{name}</span> <span className="digits">{part(ppm)}</span>
          </span>
        ))}
      </Link>
    </li>
  );
}
