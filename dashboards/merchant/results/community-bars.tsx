import type { CampaignResult } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useCostWords } from '../../kit/result/cost-words.ts';

type Row = CampaignResult['communities'][number] | CampaignResult['days'][number];

/** What of a row its bar is as long as: touches, and where people were bought, those too. */
export const weightOf = ({ touches, people }: Pick<Row, 'touches' | 'people'>): number => touches + people;

/** How long a row's bar is beside the longest, and what it got. */
export function ResultBar({ row, most }: { readonly row: Row; readonly most: number }) {
  const words = useCostWords();
  const { money, number } = useFormats();
  return (
    <>
      <progress className="progress is-good" max={Math.max(1, most)} value={weightOf(row)} aria-hidden="true" />
      <p className="row spread soft small">
        <span>
          {words.touches(number(row.touches))}
          {row.people > 0 && ` · ${words.reached(number(row.people))}`} · {words.scans(number(row.scans))} ·{' '}
          {words.orders(number(row.orders))}
        </span>
        <span className="digits">{money(row.earnedFen)}</span>
      </p>
    </>
  );
}

const shownFirst = 5;

/** Communities side by side, the one with most first. */
export function CommunityBars({ result }: { readonly result: CampaignResult }) {
  const words = useCostWords();
  const { number } = useFormats();
  const [isWhole, setWhole] = useState(false);
  const { communities, left } = result;
  const shown = isWhole ? communities : communities.slice(0, shownFirst);
  const most = Math.max(...communities.map(weightOf));
  if (communities.length === 0) return null;
  return (
    <section className="card stack community-bars">
      <h2 className="section-title">{words.communities}</h2>
      <ul className="stack">
        {shown.map((row) => (
          <li key={row.communityId}>
            <strong>{row.communityName}</strong>
            <ResultBar row={row} most={most} />
          </li>
        ))}
      </ul>
      {shown.length < communities.length && (
        <button type="button" className="button is-wide" onClick={() => setWhole(true)}>
          {words.all}
        </button>
      )}
      {isWhole && left.communities > 0 && <p className="soft">{words.left(number(left.communities))}</p>}
    </section>
  );
}
