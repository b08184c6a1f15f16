import type { CampaignResult } from '@gatecast/cloud-api/client';
import { useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useMarketWords } from '../market/market-words.ts';
import { WideTable } from '../market/wide-table.tsx';
import { useOperatorResultWords } from './result-words.ts';

interface ResultProps {
  readonly result: CampaignResult;
}

/** Rows shown before somebody asks for all. */
const shownFirst = 20;

interface PartProps<T> {
  readonly title: string;
  readonly note?: string;
  readonly heads: readonly string[];
  readonly rows: readonly T[];
  /** Rows that the answer leaves out. */
  readonly left?: number;
  readonly children: (row: T) => ReactNode;
}

/** A table of which the first rows are shown; without a row it is not there. */
function Part<T>({ title, note, heads, rows, left = 0, children }: PartProps<T>) {
  const m = useOperatorResultWords();
  const { number } = useFormats();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? rows : rows.slice(0, shownFirst);
  if (rows.length === 0) return null;
  return (
    <section className="result-part">
      <h2>{title}</h2>
      {note !== undefined && <p className="soft">{note}</p>}
      <WideTable label={title} heads={heads}>
        {shown.map(children)}
      </WideTable>
      {shown.length < rows.length && (
        <div>
          <button type="button" className="button" onClick={() => setWhole(true)}>
            {m.showAll(number(rows.length))}
          </button>
        </div>
      )}
      {shown.length === rows.length && left > 0 && <p className="soft">{m.left(number(left))}</p>}
    </section>
  );
}

/** What was bought and how much of it came; each leads to where it can be looked into. */
export function ByLineItem({ result: { lineItems, left } }: ResultProps) {
  const m = useOperatorResultWords();
  const { units } = useMarketWords();
  const { date, number, money } = useFormats();
  const heads = [m.when, m.got, m.bought, m.paid, m.earned, m.cost];
  return (
    <Part title={m.lineItems} heads={heads} rows={lineItems} left={left.lineItems}>
      {({ bookingId, at, toAt, unit, got, bought, paidFen, earnedFen, costFen }) => (
        <tr key={bookingId}>
          <th scope="row">
            <Link href={`/line-items/${bookingId}`} className="market-back">
              {[...new Set([date(at, homeZone), date(toAt - 1, homeZone)])].join(' – ')}
            </Link>
          </th>
          <td>{number(got)}</td>
          <td>
            {number(bought)} {units[unit]}
          </td>
          <td>{money(paidFen)}</td>
          <td>{money(earnedFen)}</td>
          <td>{costFen === null ? '–' : money(costFen)}</td>
        </tr>
      )}
    </Part>
  );
}

type Figures = CampaignResult['days'][number] | CampaignResult['communities'][number];

function useFigures(hasPeople: boolean): { heads: readonly string[]; cells: (row: Figures) => ReactNode } {
  const m = useOperatorResultWords();
  const { number, money } = useFormats();
  const people = hasPeople ? [m.people] : [];
  return {
    heads: [m.touches, ...people, m.viewable, m.ambient, m.scans, m.orders, m.pickedUp, m.worth, m.earned],
    cells: (row) => (
      <>
        <td>{number(row.touches)}</td>
        {hasPeople && <td>{number(row.people)}</td>}
        <td>{number(row.viewable)}</td>
        <td>{number(row.ambient)}</td>
        <td>{number(row.scans)}</td>
        <td>{number(row.orders)}</td>
        <td>{number(row.pickedUp)}</td>
        <td>{money(row.orderFen)}</td>
        <td>{money(row.earnedFen)}</td>
      </>
    ),
  };
}

export function ByCommunity({ result: { communities, left, totals } }: ResultProps) {
  const m = useOperatorResultWords();
  const { heads, cells } = useFigures(totals.people > 0);
  return (
    <Part title={m.communities} heads={[m.community, ...heads]} rows={communities} left={left.communities}>
      {(row) => (
        <tr key={row.communityId}>
          <th scope="row">{row.communityName}</th>
          {cells(row)}
        </tr>
      )}
    </Part>
  );
}

export function ByDay({ result: { days, left, totals } }: ResultProps) {
  const m = useOperatorResultWords();
  const { heads, cells } = useFigures(totals.people > 0);
  return (
    <Part title={m.days} heads={[m.day, ...heads]} rows={days} left={left.days}>
      {(row) => (
        <tr key={row.day}>
          <th scope="row" className="digits">
            {row.day}
          </th>
          {cells(row)}
        </tr>
      )}
    </Part>
  );
}

/** Gate, unit door and lift, which are never added up. */
export function ByPlacement({ result: { placements } }: ResultProps) {
  const m = useOperatorResultWords();
  const { placements: names } = useMarketWords();
  const { number } = useFormats();
  const heads = [m.placement, m.touches, m.rendered, m.viewable, m.completed];
  return (
    <Part title={m.places} note={m.placesApart} heads={heads} rows={placements}>
      {({ placement, verified, rendered, viewable, completed }) => (
        <tr key={placement}>
          <th scope="row">{names[placement]}</th>
          <td>{number(verified)}</td>
          <td>{number(rendered)}</td>
          <td>{number(viewable)}</td>
          <td>{number(completed)}</td>
        </tr>
      )}
    </Part>
  );
}
