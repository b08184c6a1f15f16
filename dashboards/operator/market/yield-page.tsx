import type { ShownRateLine, SoldCommunity, SoldWeek } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { clockText, homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { dayText } from '../../kit/local-moment.ts';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { useInventoryPageWords } from '../inventory/page-words.ts';
import { useMarketWords } from './market-words.ts';
import { RankedCommunities } from './ranked-communities.tsx';
import { perThousand } from './sold-facts.tsx';
import { ChoosePlace, useThisWeek, type Chosen } from './week-and-place.tsx';
import { isInWeek } from './weeks.ts';
import { WideTable } from './wide-table.tsx';
import './market.css';

const wholePpm = 1_000_000;
const linesRead = 200;
/** Of one week; the rate card has them all. */
const changesShown = 4;

/** What an expected touch earns, and what price changes did to it. */
export function YieldPage() {
  const m = useMarketWords();
  const [place, setPlace] = useState<Chosen['place']>('all');
  const [, go] = useLocation();
  const open = ({ communityId }: SoldCommunity): void =>
    go(`/sell-through?${new URLSearchParams({ place, community: communityId }).toString()}`);
  const week = useThisWeek();
  const weeks = useRead('GET /v1/sell-through/weeks', { query: { place } });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.yield}</h1>
          <p>{m.yieldIntro}</p>
        </div>
      </div>
      <div className="stack">
        <div className="market-tools">
          <ChoosePlace place={place} onChange={setPlace} />
        </div>
        <Loaded query={weeks}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty icon="chart" title={m.notSummed}>
                <p>{m.notSummedHint}</p>
              </Empty>
            ) : (
              <>
                <Weeks weeks={items} />
                <Dayparts week={items.find((one) => one.week === week)} />
              </>
            )
          }
        </Loaded>
        <RankedCommunities week={week} place={place} first="yield worst" onChoose={open} />
      </div>
    </>
  );
}

function Weeks({ weeks }: { readonly weeks: readonly SoldWeek[] }) {
  const m = useMarketWords();
  const format = useFormats();
  const { data } = useRead('GET /v1/rate-lines', { query: { past: 'true', limit: linesRead } });
  const heads = [m.week, m.yieldOf, m.income, m.soldPart, m.expected, m.changes];
  return (
    <section className="stack">
      <h2>{m.byWeek}</h2>
      <WideTable label={m.byWeek} heads={heads}>
        {weeks.map((week) => (
          <tr key={week.week}>
            <th scope="row" className="digits">
              {week.week}
            </th>
            <td>{format.money(perThousand(week))}</td>
            <td>{format.money(week.incomeFen)}</td>
            <td>{week.soldPpm === null ? '–' : format.percent(week.soldPpm / wholePpm)}</td>
            <td>{format.number(week.expectedTouches)}</td>
            <td className="market-notes">
              <Changes lines={data?.items.filter((line) => beginsIn(line, week.week)) ?? []} />
            </td>
          </tr>
        ))}
      </WideTable>
    </section>
  );
}

const beginsIn = ({ validFrom }: ShownRateLine, week: string): boolean => isInWeek(dayText(validFrom, homeZone), week);

function Changes({ lines }: { readonly lines: readonly ShownRateLine[] }) {
  const m = useMarketWords();
  const format = useFormats();
  const scopeOf = useScopeText();
  if (lines.length === 0) return m.noChange;
  return (
    <>
      <ul className="market-changes">
        {lines.slice(0, changesShown).map((line) => (
          <li key={line.id}>
            {m.change(scopeOf(line), format.money(line.touchPriceFen), format.date(line.validFrom, homeZone))}
          </li>
        ))}
      </ul>
      {lines.length > changesShown && (
        <Link href="/inventory">{m.moreChanges(format.number(lines.length - changesShown))}</Link>
      )}
    </>
  );
}

/** What a price holds for: where, and of what it says more. */
function useScopeText(): (line: ShownRateLine) => string {
  const m = useMarketWords();
  const { placement: placements, segments, products } = useInventoryPageWords();
  return ({ communityName, placement, segment, product, fromMinute, toMinute }) =>
    [
      communityName ?? m.networkPrice,
      placement && placements[placement],
      product && products[product],
      segment && segments[segment],
      fromMinute !== null && toMinute !== null && `${clockText(fromMinute)}–${clockText(toMinute)}`,
    ]
      .filter((part) => part !== null && part !== false)
      .join(' · ');
}

function Dayparts({ week }: { readonly week: SoldWeek | undefined }) {
  const m = useMarketWords();
  const format = useFormats();
  if (!week) return null;
  const heads = [m.daypart, m.yieldOf, m.income, m.soldPart, m.expected];
  return (
    <section className="stack">
      <h2>
        {m.dayparts} · {m.weeks.now}
      </h2>
      <WideTable label={m.dayparts} heads={heads}>
        {week.dayparts.map((part) => (
          <tr key={part.fromMinute}>
            <th scope="row" className="digits">
              {clockText(part.fromMinute)}–{clockText(part.toMinute)}
            </th>
            <td>{format.money(perThousand(part))}</td>
            <td>{format.money(part.incomeFen)}</td>
            <td>{part.soldPpm === null ? '–' : format.percent(part.soldPpm / wholePpm)}</td>
            <td>{format.number(part.expectedTouches)}</td>
          </tr>
        ))}
      </WideTable>
    </section>
  );
}
