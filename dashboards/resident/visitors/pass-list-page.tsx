import type { Pass } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { TopBar } from '../top-bar.tsx';
import { useVisitorWords } from './visitor-words.ts';

export function PassListPage() {
  const words = useVisitorWords();
  const { kit } = useWords();
  const pages = useReadPages('GET /v1/me/passes', { query: {} });
  return (
    <>
      <TopBar title={words.title} back="/door" />
      <main className="page">
        <Link href="/door/visitors/new" className="button is-primary is-large is-wide">
          <Icon name="plus" /> {words.add}
        </Link>
        <LoadedPages pages={pages} empty={<NoPasses />}>
          {(items) => (
            <ul className="stack">
              {items.map((pass) => (
                <li key={pass.id}>
                  <PassCard pass={pass} />
                </li>
              ))}
            </ul>
          )}
        </LoadedPages>
        {pages.query.hasNextPage && (
          <button
            type="button"
            className="button is-wide"
            disabled={pages.query.isFetchingNextPage}
            onClick={() => void pages.query.fetchNextPage()}
          >
            {kit.loadMore}
          </button>
        )}
      </main>
    </>
  );
}

function NoPasses() {
  const words = useVisitorWords();
  return (
    <Empty icon="people" title={words.none}>
      <p>{words.noneHint}</p>
    </Empty>
  );
}

const badges: Readonly<Record<Pass['state'], string>> = {
  scheduled: 'is-brand',
  active: 'is-good',
  'used-up': '',
  expired: '',
  revoked: '',
};

function PassCard({ pass }: { readonly pass: Pass }) {
  const words = useVisitorWords();
  return (
    <Link href={`/door/visitors/${pass.id}`} className="card pass-card">
      <span className="row spread">
        <b>{pass.label}</b>
        <StateBadge state={pass.state} />
      </span>
      <span>
        <PassWindow pass={pass} />
      </span>
      <span>{words.used(pass.usedCount)}</span>
    </Link>
  );
}

export function StateBadge({ state }: Pick<Pass, 'state'>) {
  const words = useVisitorWords();
  return <span className={`badge ${badges[state]}`}>{words.states[state]}</span>;
}

/** When it opens, on the community's clock. */
export function PassWindow({ pass: { from, to } }: { readonly pass: Pick<Pass, 'from' | 'to'> }) {
  const words = useVisitorWords();
  const formats = useFormats();
  const end = to === null ? '∞' : formats.timeOrDate(to, from, homeZone);
  return <span className="digits">{words.window(formats.dateTime(from, homeZone), end)}</span>;
}
