import { Button, Tag } from 'antd';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { useState } from 'react';
import { useInventoryPageWords } from './page-words.ts';

/** Prices and black-out days stand below, and there may be thousands. */
const shownFirst = 5;

/** Which communities sell nothing and why, each with the way to put that right. */
export function UnsoldCommunities({ onRecord }: { readonly onRecord: (communityId: string) => void }) {
  const m = useInventoryPageWords();
  const formats = useFormats();
  const pages = useReadPages('GET /v1/unsold-communities', { query: {} });
  const [isWhole, setWhole] = useState(false);
  return (
    <section className="card" aria-label={m.unsold}>
      <div className="section-head">
        <h2>{m.unsold}</h2>
      </div>
      <LoadedPages pages={pages} empty={<p className="soft">{m.unsoldNone}</p>}>
        {(communities) => (
          <ul className="blackout-rows">
            {(isWhole ? communities : communities.slice(0, shownFirst)).map(
              ({ communityId, communityName, endedAt, waiting }) => (
                <li key={communityId} className="blackout-row">
                  <span>
                    <strong>{communityName}</strong>{' '}
                    <span className="soft">
                      {endedAt === null ? m.neverDecided : m.decisionOver(formats.date(endedAt, homeZone))}
                    </span>{' '}
                    {waiting > 0 && <Tag color="gold">{m.toConfirm(waiting)}</Tag>}
                  </span>
                  <Button aria-label={m.recordOf(communityName)} onClick={() => onRecord(communityId)}>
                    {m.recordNow}
                  </Button>
                </li>
              ),
            )}
          </ul>
        )}
      </LoadedPages>
      {isWhole || pages.items.length <= shownFirst ? (
        <LoadMore pages={pages} />
      ) : (
        <Button size="large" onClick={() => setWhole(true)}>
          {m.unsoldMore}
        </Button>
      )}
    </section>
  );
}
