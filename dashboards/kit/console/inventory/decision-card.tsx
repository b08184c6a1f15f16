import type { OwnerDecision } from '@gatecast/cloud-api/client';
import type { ReactNode } from 'react';
import { useCategoryWords } from '../../content/category-words.ts';
import { spansText } from '../../day-spans.ts';
import { homeZone } from '../../format.ts';
import { useWords } from '../../i18n/language-context.tsx';
import { useListText } from '../../list-text.ts';
import { dayText } from '../../local-moment.ts';
import { Icon } from '../../ui/icon.tsx';
import { useNow } from '../../use-now.ts';
import { useInventoryWords } from './inventory-words.ts';
import './inventory.css';

const tone = {
  waiting: 'is-warn',
  'in-force': 'is-good',
  refused: 'is-bad',
  revoked: 'is-bad',
  replaced: '',
} as const;
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const soonDays = 60;
const million = 1_000_000;

/** What the owners decided, as the document says. */
export function DecisionCard({
  decision,
  zone = homeZone,
  showCommunity = false,
  children,
}: {
  readonly decision: OwnerDecision;
  readonly zone?: string;
  readonly showCommunity?: boolean;
  readonly children?: ReactNode;
}) {
  const m = useInventoryWords();
  const { categories } = useCategoryWords();
  const { formats } = useWords();
  const list = useListText();
  const { excluded, hours, managementPpm, ownersSharePpm, placements, status, validTo } = decision;
  const percent = (ppm: number) => formats.percent(ppm / million);
  return (
    <article className="card decision" aria-label={decision.title}>
      <p className="decision-state">
        <span className={`badge ${decision.isExpired ? 'is-bad' : tone[status]}`}>
          {decision.isExpired ? m.expired : m.status[status]}
        </span>
        {status === 'in-force' && <DaysLeft validTo={validTo} />}
      </p>
      <h3>
        {showCommunity && `${decision.communityName} · `}
        {decision.title}
      </h3>
      <p className="soft digits">
        {m.decidedOn(decision.decidedOn)} · {m.until(dayText(validTo - 1, zone))}
      </p>
      <dl className="decision-facts">
        <Fact name={m.places} says={list(placements.map((one) => m.placement[one] ?? one))} />
        <Fact name={m.hours} says={hours.length === 0 ? m.allDay : spansText(hours)} />
        <Fact
          name={m.excluded}
          says={excluded.length === 0 ? m.nothing : list(excluded.map((one) => categories[one] ?? one))}
        />
        <Fact name={m.share} says={m.shareText(percent(managementPpm), percent(ownersSharePpm))} />
      </dl>
      {decision.note !== null && <p className="notice is-warn">{m.saidWhy(decision.note)}</p>}
      <div className="decision-buttons">
        {decision.fileUrl === null ? (
          <span className="soft">{m.documentGone}</span>
        ) : (
          <a className="decision-document" href={decision.fileUrl} target="_blank" rel="noreferrer">
            <Icon name="card" /> {m.document}
          </a>
        )}
        {children}
      </div>
    </article>
  );
}

const Fact = ({ name, says }: { readonly name: string; readonly says: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{says}</dd>
  </div>
);

function DaysLeft({ validTo }: { readonly validTo: number }) {
  const m = useInventoryWords();
  const { formats } = useWords();
  const left = Math.ceil((validTo - useNow(minuteMs)) / dayMs);
  if (left <= 0 || left > soonDays) return null;
  return <span className="badge is-warn">{m.expiresIn(formats.number(left))}</span>;
}
