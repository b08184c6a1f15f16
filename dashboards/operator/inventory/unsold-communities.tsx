import { Button, Tag } from 'antd';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { useInventoryPageWords } from './page-words.ts';

/** Which communities sell nothing and why, each with the way to put that right. */
export function UnsoldCommunities({ onRecord }: { readonly onRecord: (communityId: string) => void }) {
  const m = useInventoryPageWords();
  const formats = useFormats();
  const pages = useReadPages('GET /v1/unsold-communities', { query: {} });
  return (
    <section className="stack" aria-label={m.unsold}>
      <h2>{m.unsold}</h2>
      <LoadedPages pages={pages} empty={<p className="soft">{m.unsoldNone}</p>}>
        {(communities) => (
          <ul className="stack">
            {communities.map(({ communityId, communityName, endedAt, waiting }) => (
              <li key={communityId} className="card row spread">
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
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </section>
  );
}
