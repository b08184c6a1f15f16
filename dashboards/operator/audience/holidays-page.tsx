import type { HolidayYear } from '@gatecast/cloud-api/client';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useListText } from '../../kit/list-text.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { Loaded } from '../../kit/ui/states.tsx';
import { EnterHolidays } from './enter-holidays.tsx';
import { inRuns } from './holiday-runs.ts';
import { useHolidayWords } from './holiday-words.ts';
import './audience.css';

/** The days on which China rests, year by year, and the form for a notice that has come out. */
export function HolidaysPage() {
  const m = useHolidayWords();
  const years = useRead('GET /v1/audience/holidays', {});
  return (
    <>
      <div className="page-head">
        <div>
          <Link href="/audience" className="audience-back">
            <Icon name="back" size={18} /> {m.back}
          </Link>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
      </div>
      <Loaded query={years}>
        {({ items }) => (
          <div className="stack">
            {items.map((year) => (
              <Year key={`${year.year} ${year.version}`} year={year} />
            ))}
          </div>
        )}
      </Loaded>
    </>
  );
}

function Year({ year: shown }: { readonly year: HolidayYear }) {
  const m = useHolidayWords();
  const format = useFormats();
  const [isOpen, setOpen] = useState(false);
  const { year, version, holidays, workedWeekends, source, enteredAt, isWhole } = shown;
  return (
    <section className="card stack" aria-label={String(year)}>
      <div className="row spread">
        <h2 className="digits">{year}</h2>
        <Button
          type={isWhole ? 'default' : 'primary'}
          size="large"
          aria-label={`${isWhole ? m.correct : m.enter} ${year}`}
          onClick={() => setOpen(true)}
        >
          {isWhole ? m.correct : m.enter}
        </Button>
      </div>
      {!isWhole && <p className="notice is-warn">{m.missing}</p>}
      <Days title={m.rest} days={inRuns(holidays).map(({ name, from, to }) => m.span(name, from, to))} />
      {workedWeekends.length > 0 && <Days title={m.worked} days={workedWeekends} />}
      <p className="soft">
        {enteredAt === null
          ? m.builtIn
          : m.entered(format.dateTime(enteredAt, homeZone), String(version), source ?? '')}
      </p>
      <EnterHolidays year={shown} isOpen={isOpen} onClose={() => setOpen(false)} />
    </section>
  );
}

function Days({ title, days }: { readonly title: string; readonly days: readonly string[] }) {
  return (
    <div>
      <h3>{title}</h3>
      <ul className="holiday-list digits">
        {days.map((day) => (
          <li key={day}>{day}</li>
        ))}
      </ul>
    </div>
  );
}

/** On the page of all communities: what is missing, or the way to correct what is there. */
export function HolidaysNote() {
  const m = useHolidayWords();
  const { data } = useRead('GET /v1/audience/holidays', {});
  if (!data) return null;
  const missing = data.items.filter(({ isWhole }) => !isWhole).map(({ year }) => year);
  if (missing.length > 0) return <HolidaysMissing years={missing} />;
  return (
    <p>
      <Link href="/audience/holidays">{m.title}</Link>
    </p>
  );
}

/** Where forecasts are looked at: years whose notice nobody has entered. */
export function HolidaysMissing({ years }: { readonly years: readonly number[] }) {
  const m = useHolidayWords();
  const list = useListText();
  if (years.length === 0) return null;
  return (
    <p className="notice is-warn">
      <Icon name="alert" />
      <span>
        {m.forecastWithout(list(years))} <Link href="/audience/holidays">{m.title}</Link>
      </span>
    </p>
  );
}
