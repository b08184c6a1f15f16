import { App, Button, Input } from 'antd';
import type { Community } from '@gatecast/cloud-api/client';
import { instant, localTime } from '@gatecast/firmware-protocol';
import { useId, useState, type FormEvent } from 'react';
import { useApi, useRead, useWrite } from '../../kit/api/api-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Loaded, ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { datesBetween, rangesOf, withDates, withoutDates } from './holiday-dates.ts';
import { YearPicture } from './year-picture.tsx';

export function Holidays({ community }: { readonly community: Community }) {
  const query = useRead('GET /v1/communities/:id/holidays', { params: { id: community.id } });
  return <Loaded query={query}>{({ dates }) => <HolidayEditor community={community} saved={dates} />}</Loaded>;
}

interface HolidayEditorProps {
  readonly community: Community;
  readonly saved: readonly string[];
}

/** The days of a year that are holidays, typed in from the yearly announcement; nothing is in force before it is saved. */
function HolidayEditor({ community, saved }: HolidayEditorProps) {
  const m = useMessages().schedules.holidays;
  const { message } = App.useApp();
  const { clock } = useApi();
  const [year, setYear] = useState(() => Number(localTime(instant(clock.now()), community.zone).date.slice(0, 4)));
  const [edited, setEdited] = useState<readonly string[] | null>(null);
  const save = useWrite('PUT /v1/communities/:id/holidays', ['GET /v1/communities/:id/holidays']);
  const dates = edited ?? saved;
  const ofYear = dates.filter((date) => date.startsWith(`${year}-`));
  const toggle = (date: string): void =>
    setEdited(dates.includes(date) ? dates.filter((each) => each !== date) : withDates(dates, [date]));
  const submit = (): void =>
    save.mutate(
      { params: { id: community.id }, body: { dates: [...dates] } },
      {
        onSuccess: () => {
          setEdited(null);
          void message.success(m.saved);
        },
      },
    );
  return (
    <div className="stack">
      <section className="card stack">
        <div className="row spread">
          <div className="row">
            <Button aria-label={m.earlier} icon={<Icon name="back" />} onClick={() => setYear(year - 1)} />
            <h2 className="holiday-year" aria-live="polite">
              {m.intro(year)}
            </h2>
            <Button aria-label={m.later} icon={<Icon name="forward" />} onClick={() => setYear(year + 1)} />
          </div>
          <span className="badge">{m.count(ofYear.length)}</span>
        </div>
        <p className="soft">{m.hint}</p>
        <AddRange key={year} year={year} onAdd={(more) => setEdited(withDates(dates, more))} />
        <Ranges dates={ofYear} onRemove={(range) => setEdited(withoutDates(dates, range))} />
        <ProblemNotice error={save.error} />
        {edited !== null && (
          <div className="row">
            <Button type="primary" size="large" loading={save.isPending} onClick={submit}>
              {m.save}
            </Button>
            <Button size="large" disabled={save.isPending} onClick={() => setEdited(null)}>
              {m.undo}
            </Button>
            <span className="badge is-warn">{m.unsaved}</span>
          </div>
        )}
      </section>
      <section className="card">
        <p className="soft">{m.addDay}</p>
        <YearPicture year={year} dates={new Set(ofYear)} onToggle={toggle} />
      </section>
    </div>
  );
}

interface AddRangeProps {
  readonly year: number;
  readonly onAdd: (dates: string[]) => void;
}

function AddRange({ year, onAdd }: AddRangeProps) {
  const m = useMessages().schedules.holidays;
  const id = useId();
  const [first, setFirst] = useState('');
  const [last, setLast] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const dates = datesBetween(first, last || first);
    if (dates === null) return setFault(last < first ? m.wrongOrder : m.tooLong);
    setFault(null);
    onAdd(dates);
    setFirst('');
    setLast('');
  };
  const day = (name: 'first' | 'last', value: string, onChange: (date: string) => void) => (
    <div className="field">
      <label htmlFor={`${id}-${name}`}>{m[name]}</label>
      <Input
        id={`${id}-${name}`}
        type="date"
        size="large"
        required={name === 'first'}
        min={`${year}-01-01`}
        max={`${year}-12-31`}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
  return (
    <form className="row holiday-add" onSubmit={submit}>
      {day('first', first, setFirst)}
      {day('last', last, setLast)}
      <Button size="large" htmlType="submit" icon={<Icon name="plus" />}>
        {m.add}
      </Button>
      {fault && (
        <span className="fault" role="alert">
          {fault}
        </span>
      )}
    </form>
  );
}

interface RangesProps {
  readonly dates: readonly string[];
  readonly onRemove: (range: { first: string; last: string }) => void;
}

function Ranges({ dates, onRemove }: RangesProps) {
  const m = useMessages().schedules.holidays;
  if (dates.length === 0) return <p className="soft">{m.none}</p>;
  return (
    <ul className="holiday-ranges">
      {rangesOf(dates).map(({ first, last, days }) => {
        const text = first === last ? short(first) : m.range(short(first), short(last));
        return (
          <li key={first}>
            <b className="digits">{text}</b>
            <span className="soft">{m.days(days)}</span>
            <button type="button" aria-label={m.remove(text)} onClick={() => onRemove({ first, last })}>
              <Icon name="cross" size={18} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** `02-06`: the year stands above the list. */
const short = (date: string): string => date.slice(5);
