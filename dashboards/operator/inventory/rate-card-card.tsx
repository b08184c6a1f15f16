import type { DayPrices, ShownRateLine } from '@gatecast/cloud-api/client';
import { App, Button, Input, Popconfirm, Select } from 'antd';
import { useState } from 'react';
import { useRead, useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { clockText, homeZone } from '../../kit/format.ts';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { problemSentence } from '../../kit/i18n/problem-sentence.ts';
import { dayText } from '../../kit/local-moment.ts';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Loaded } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { AddLine } from './add-line.tsx';
import { useInventoryPageWords } from './page-words.ts';

const segments = ['all', 'families', 'commuters', 'elderly', 'night'] as const;
const products = ['touches', 'share', 'ten-people'] as const;
const placements = ['gate', 'unit-door', 'lift'] as const;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A day's prices by placement and time, and the lines that they come from. */
export function RateCardCard({ communityId }: { readonly communityId: string | null }) {
  const m = useInventoryPageWords();
  // Of today some is over, at prices that were other ones.
  const tomorrow = dayText(useNow(hourMs) + dayMs, homeZone);
  const [date, setDate] = useState(tomorrow);
  const [segment, setSegment] = useState<(typeof segments)[number]>('all');
  const [product, setProduct] = useState<(typeof products)[number]>('touches');
  const ofCommunity = communityId === null ? {} : { communityId };
  const day = useRead('GET /v1/rate-card', { query: { ...ofCommunity, date, segment, product } });
  return (
    <section className="card">
      <div className="section-head">
        <h2>{m.prices}</h2>
        <AddLine communityId={communityId} />
      </div>
      <p className="soft">{m.pricesHint}</p>
      <div className="rate-filters">
        <Input
          type="date"
          size="large"
          aria-label={m.day}
          value={date}
          onChange={(event) => setDate(event.currentTarget.value || tomorrow)}
        />
        <Select
          size="large"
          aria-label={m.product}
          value={product}
          onChange={setProduct}
          options={products.map((value) => ({ value, label: m.products[value] }))}
        />
        <Select
          size="large"
          aria-label={m.segment}
          value={segment}
          onChange={setSegment}
          options={segments.map((value) => ({ value, label: m.segments[value] }))}
        />
      </div>
      <Loaded query={day}>{(prices) => <PriceTable prices={prices} />}</Loaded>
      <RateLines communityId={communityId} />
    </section>
  );
}

const toneOf = { default: '', network: 'is-good', community: 'is-warn' } as const;

function PriceTable({ prices }: { readonly prices: DayPrices }) {
  const m = useInventoryPageWords();
  const { formats } = useWords();
  return (
    <table className="rate-table">
      <caption className="visually-hidden">{m.prices}</caption>
      <thead>
        <tr>
          <th scope="col">{m.hours}</th>
          {placements.map((placement) => (
            <th key={placement} scope="col">
              {m.placement[placement]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {prices.items.map(({ fromMinute, toMinute, prices: row }) => (
          <tr key={fromMinute}>
            <th scope="row" className="digits">
              {clockText(fromMinute)}–{clockText(toMinute)}
            </th>
            {row.map(({ placement, touchPriceFen, from }) => (
              <td key={placement}>
                <b className="digits">{formats.money(touchPriceFen)}</b>
                <span className={`badge ${toneOf[from]}`}>{m.from[from]}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RateLines({ communityId }: { readonly communityId: string | null }) {
  const m = useInventoryPageWords();
  const query = communityId === null ? {} : { communityId };
  const pages = useReadPages('GET /v1/rate-lines', { query });
  return (
    <>
      <h3 className="rate-lines-title">{m.lines}</h3>
      <LoadedPages pages={pages} empty={<p className="soft">{m.linesNone}</p>}>
        {(lines) => (
          <ul className="blackout-rows">
            {lines.map((line) => (
              <LineRow key={line.id} line={line} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}

function LineRow({ line }: { readonly line: ShownRateLine }) {
  const m = useInventoryPageWords();
  const { formats, kit } = useWords();
  const { message } = App.useApp();
  const end = useWrite('POST /v1/rate-lines/:id/end', ['GET /v1/rate-lines', 'GET /v1/rate-card']);
  const press = (): void =>
    void end.mutateAsync({ params: { id: line.id } }).then(
      () => message.success(m.ended),
      (error: unknown) => message.error(problemSentence(error, kit)),
    );
  const days = line.weekdays?.map((day) => m.weekdays[day - 1]).join(' ') ?? m.everyDay;
  const hours =
    line.fromMinute === null || line.toMinute === null
      ? ''
      : ` ${clockText(line.fromMinute)}–${clockText(line.toMinute)}`;
  const about = [
    line.placement === null ? null : m.placement[line.placement],
    line.segment === null ? null : m.segments[line.segment],
    line.product === null ? null : m.products[line.product],
  ].filter((word) => word !== null);
  return (
    <li className="blackout-row">
      <p>
        <b className="digits">
          {formats.money(line.touchPriceFen)} {m.perTouch}
        </b>{' '}
        <span className={`badge ${line.communityId === null ? '' : 'is-warn'}`}>
          {line.communityName === null ? m.network : `${line.communityName} · ${m.overrides}`}
        </span>
        <br />
        <span className="soft">
          {about.length === 0 ? m.any : about.join(' · ')} · {days}
          {hours} · {m.validSince(dayText(line.validFrom, homeZone))}
          {line.validTo !== null && ` ${m.validTo(dayText(line.validTo, homeZone))}`}
        </span>
      </p>
      <Popconfirm title={m.endQuestion} okText={m.end} onConfirm={press}>
        <Button size="large" loading={end.isPending} aria-label={`${m.end} ${formats.money(line.touchPriceFen)}`}>
          {m.end}
        </Button>
      </Popconfirm>
    </li>
  );
}
