import type { Permit } from '@gatecast/cloud-api/client';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { useCategoryWords } from '../../kit/content/category-words.ts';
import { homeZone } from '../../kit/format.ts';
import { dayText } from '../../kit/local-moment.ts';
import { Bones } from '../../kit/ui/skeleton.tsx';
import { Empty, Failed } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { AccountPageHead } from '../page-head.tsx';
import { HandIn } from './hand-in.tsx';
import { usePermitWords } from './permit-words.ts';
import './permits.css';

/** What a merchant may advertise beyond the everyday: hand in a permit, see how it stands. */
export function PermitsPage() {
  const words = usePermitWords();
  return (
    <>
      <AccountPageHead title={words.title} />
      <p className="soft">{words.intro}</p>
      <div className="permit-columns">
        <HandIn />
        <PermitList />
      </div>
    </>
  );
}

function PermitList() {
  const words = usePermitWords();
  const { items, query } = useReadPages('GET /v1/permits', { query: {} });
  if (query.isLoading) return <Bones heights={[110, 110]} />;
  if (items.length === 0 && query.error) return <Failed error={query.error} retry={query.refetch} />;
  if (items.length === 0)
    return (
      <Empty icon="shield" title={words.none}>
        <p>{words.noneHint}</p>
      </Empty>
    );
  return (
    <div className="stack">
      <ul className="stack">
        {items.map((permit) => (
          <li key={permit.id}>
            <PermitCard permit={permit} />
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <button
          type="button"
          className="button is-wide"
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {words.more}
        </button>
      )}
    </div>
  );
}

const tones = { waiting: 'is-warn', accepted: 'is-good', refused: 'is-bad', withdrawn: 'is-bad' } as const;
const minuteMs = 60_000;
const soonMs = 30 * 24 * 60 * minuteMs;

function PermitCard({ permit }: { readonly permit: Permit }) {
  const words = usePermitWords();
  const { categories } = useCategoryWords();
  const now = useNow(minuteMs);
  const left = permit.validTo - now;
  const name = categories[permit.category] ?? permit.category;
  return (
    <article className="card permit-card" aria-label={`${name} ${permit.number}`}>
      <h2>{name}</h2>
      <p className="row">
        <span className={`badge ${tones[permit.status]}`}>{words.status[permit.status]}</span>
        <span className="digits">{permit.number}</span>
      </p>
      <p className="soft digits">
        {words.fromTo(dayText(permit.validFrom, homeZone), dayText(permit.validTo, homeZone))}
      </p>
      {permit.status === 'accepted' && left < soonMs && (
        <p className="notice is-warn">{left <= 0 ? words.over : words.endsSoon}</p>
      )}
      {permit.reason !== null && (
        <p className="notice is-bad">{words.reasons[permit.reason] ?? words.reasons['other']}</p>
      )}
      {permit.note && <p>{words.says(permit.note)}</p>}
      {permit.fileUrl !== null && (
        <a className="permit-file" href={permit.fileUrl} target="_blank" rel="noreferrer">
          {permit.fileType !== 'application/pdf' && (
            <img className="permit-scan" src={permit.fileUrl} alt="" loading="lazy" />
          )}
          {words.open}
        </a>
      )}
    </article>
  );
}
