import type { AudienceForecast, AudienceHalfHour } from '@gatecast/cloud-api/client';
import { Select, Segmented } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { useApi, useRead } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { dayText } from '../../kit/local-moment.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { zonedInstant } from '../../kit/zone.ts';
import { AccuracyFacts, KindsTable } from './accuracy-facts.tsx';
import { useAudienceWords } from './audience-words.ts';
import { DayChart, DayTable } from './day-chart.tsx';
import { byLocalDay, highestOf } from './day-shapes.ts';
import { HolidaysMissing } from './holidays-page.tsx';
import './audience.css';

const dayMs = 86_400_000;
const daysShown = 7;
/** What is shown first ends with tomorrow. */
const daysAhead = 2;

/** How true the forecasts of one community were, and its days one by one. */
export function CommunityAudience({ id }: { readonly id: string }) {
  const m = useAudienceWords();
  const query = useRead('GET /v1/audience/accuracy', { query: { communityId: id } });
  return (
    <Loaded query={query}>
      {({ communityName, zone, total, byKind }) => (
        <>
          <div className="page-head">
            <div>
              <Link href="/audience" className="audience-back">
                <Icon name="back" size={18} /> {m.back}
              </Link>
              <h1>{communityName}</h1>
              <p>{m.intro}</p>
            </div>
          </div>
          <div className="stack">
            <AccuracyFacts accuracy={total} />
            <KindsTable kinds={byKind} />
            <Days communityId={id} zone={zone} />
          </div>
        </>
      )}
    </Loaded>
  );
}

function Days({ communityId, zone }: { readonly communityId: string; readonly zone: string }) {
  const m = useAudienceWords();
  const format = useFormats();
  const { clock } = useApi();
  const [weeks, setWeeks] = useState(0);
  const [today] = useState(() => dayText(clock.now(), zone));
  const day = (n: number) => zonedInstant(dayText(Date.parse(`${today}T12:00:00Z`) + n * dayMs, 'UTC'), 0, zone);
  const last = daysAhead + weeks * daysShown;
  const [from, to] = [day(last - daysShown), day(last)];
  const query = useRead('GET /v1/audience/forecast', {
    query: { communityId, from: String(from), to: String(to) },
  });
  return (
    <section aria-label={m.days}>
      <div className="audience-days-head">
        <h2>{m.days}</h2>
        <p className="audience-week">
          <button type="button" className="button" aria-label={m.earlier} onClick={() => setWeeks(weeks - 1)}>
            ‹
          </button>
          <span className="digits">
            {format.date(from, zone)} – {format.date(to - 1, zone)}
          </span>
          <button
            type="button"
            className="button"
            aria-label={m.later}
            disabled={weeks >= 1}
            onClick={() => setWeeks(weeks + 1)}
          >
            ›
          </button>
        </p>
      </div>
      <Loaded query={query}>
        {(forecast) => (
          <>
            <HolidaysMissing years={forecast.holidaysUnknown} />
            <DaysOf forecast={forecast} />
          </>
        )}
      </Loaded>
    </section>
  );
}

function DaysOf({ forecast: { zone, items } }: { readonly forecast: AudienceForecast }) {
  const m = useAudienceWords();
  const entrances = new Map(items.map((one) => [one.entranceId ?? one.placement, one]));
  const [chosen, choose] = useState<string | null>(null);
  const [asTable, setAsTable] = useState(false);
  const shown = chosen !== null && entrances.has(chosen) ? chosen : [...entrances.keys()][0];
  if (shown === undefined)
    return (
      <Empty icon="door" title={m.noScreens}>
        <p>{m.noScreensHint}</p>
      </Empty>
    );
  const cells = items.filter((one) => (one.entranceId ?? one.placement) === shown);
  const highest = highestOf(cells);
  const nameOf = ({ entranceName, placement }: AudienceHalfHour) =>
    entranceName === null ? m.placements[placement] : `${entranceName} · ${m.placements[placement]}`;
  return (
    <>
      <div className="audience-choices">
        <Select
          size="large"
          aria-label={m.entrance}
          value={shown}
          onChange={choose}
          options={[...entrances].map(([value, one]) => ({ value, label: nameOf(one) }))}
        />
        <Segmented
          size="large"
          aria-label={m.show}
          value={asTable ? 'table' : 'chart'}
          onChange={(value) => setAsTable(value === 'table')}
          options={[
            { value: 'chart', label: m.chart },
            { value: 'table', label: m.table },
          ]}
        />
      </div>
      {!asTable && <Legend />}
      <div className="audience-grid">
        {byLocalDay(cells, (at) => dayText(at, zone)).map(([date, ofDay]) =>
          asTable ? (
            <DayTable key={date} cells={ofDay} zone={zone} />
          ) : (
            <DayChart key={date} cells={ofDay} zone={zone} highest={highest} />
          ),
        )}
      </div>
    </>
  );
}

function Legend() {
  const m = useAudienceWords();
  return (
    <ul className="audience-legend soft">
      <li className="is-line">{m.legendExpected}</li>
      <li className="is-band">{m.legendBand}</li>
      <li className="is-dot">{m.legendCounted}</li>
      <li className="is-few">{m.legendWithheld}</li>
    </ul>
  );
}
