import { Button, Input, Select } from 'antd';
import type { Terminal } from '@gatecast/cloud-api/client';
import { useId, useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { clockText, minuteOfClock } from '../../kit/format.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { scheduleFault, scheduleText, type Schedule } from './schedule-text.ts';
import './doors.css';

/** What a new window starts with: the way to school. */
const usualWindow: Schedule = {
  mode: 'free-passage',
  weekdays: [1, 2, 3, 4, 5],
  window: { fromMinute: 7 * 60, toMinute: 9 * 60 },
};
const schedulesMax = 32;
const isoWeekdays = [1, 2, 3, 4, 5, 6, 7] as const;

/** The weekly windows in which the door is held open or locked down. */
export function ScheduleEditor({ terminal }: { readonly terminal: Terminal }) {
  const m = useMessages().doors.schedules;
  const [edited, setEdited] = useState<readonly Schedule[] | null>(null);
  const save = useWrite('PATCH /v1/terminals/:id/config', ['GET /v1/terminals', 'GET /v1/terminals/:id']);
  const schedules = edited ?? terminal.settings.schedules;
  const fault = schedules.map((schedule) => scheduleFault(schedule, m)).find((text) => text !== null);
  const change = (index: number, schedule: Schedule): void =>
    setEdited(schedules.map((each, at) => (at === index ? schedule : each)));
  const undo = (): void => {
    save.reset();
    setEdited(null);
  };
  const submit = (): void =>
    save.mutate(
      { params: { id: terminal.id }, body: { schedules: [...schedules] } },
      { onSuccess: () => setEdited(null) },
    );

  return (
    <section className="card">
      <h2>{m.title}</h2>
      <p className="soft">{schedules.length === 0 ? m.none : m.hint}</p>
      <ol className="schedule-list">
        {schedules.map((schedule, index) => (
          // Windows have no identity of their own, and none of their fields keeps state.
          <li key={index}>
            <ScheduleRow
              schedule={schedule}
              onChange={(next) => change(index, next)}
              onRemove={() => setEdited(schedules.filter((_, at) => at !== index))}
            />
          </li>
        ))}
      </ol>
      {fault !== undefined && (
        <p className="notice is-bad" role="alert">
          {fault}
        </p>
      )}
      <ProblemNotice error={save.error} />
      <div className="row">
        <Button
          size="large"
          icon={<Icon name="plus" />}
          disabled={schedules.length >= schedulesMax}
          onClick={() => setEdited([...schedules, usualWindow])}
        >
          {m.add}
        </Button>
        {edited !== null && (
          <Button type="primary" size="large" disabled={fault !== undefined} loading={save.isPending} onClick={submit}>
            {m.save}
          </Button>
        )}
        {edited !== null && (
          <Button size="large" disabled={save.isPending} onClick={undo}>
            {m.undo}
          </Button>
        )}
      </div>
    </section>
  );
}

interface ScheduleRowProps {
  readonly schedule: Schedule;
  readonly onChange: (schedule: Schedule) => void;
  readonly onRemove: () => void;
}

function ScheduleRow({ schedule, onChange, onRemove }: ScheduleRowProps) {
  const m = useMessages().doors.schedules;
  const id = useId();
  const text = scheduleText(schedule, m);
  const setMinute = (end: 'fromMinute' | 'toMinute', clock: string): void => {
    const minute = minuteOfClock(clock);
    if (minute !== null) onChange({ ...schedule, window: { ...schedule.window, [end]: minute } });
  };
  const clock = (end: 'fromMinute' | 'toMinute', label: string) => (
    <div className="field">
      <label htmlFor={`${id}-${end}`}>{label}</label>
      <Input
        id={`${id}-${end}`}
        type="time"
        size="large"
        value={clockText(schedule.window[end])}
        onChange={(event) => setMinute(end, event.currentTarget.value)}
      />
    </div>
  );
  return (
    <fieldset className="schedule-row">
      <legend>{text}</legend>
      <div className="field">
        <label htmlFor={`${id}-mode`}>{m.mode}</label>
        <Select
          id={`${id}-mode`}
          size="large"
          value={schedule.mode}
          onChange={(mode) => onChange({ ...schedule, mode })}
          options={(['free-passage', 'lockdown'] as const).map((mode) => ({ value: mode, label: m.modes[mode] }))}
        />
      </div>
      {clock('fromMinute', m.from)}
      {clock('toMinute', m.to)}
      <Days chosen={schedule.weekdays} onChange={(weekdays) => onChange({ ...schedule, weekdays })} />
      <button type="button" className="schedule-remove" aria-label={m.remove(text)} onClick={onRemove}>
        <Icon name="cross" />
      </button>
    </fieldset>
  );
}

interface DaysProps {
  readonly chosen: readonly number[];
  readonly onChange: (weekdays: number[]) => void;
}

function Days({ chosen, onChange }: DaysProps) {
  const m = useMessages().doors.schedules;
  const toggle = (day: number): void =>
    onChange(isoWeekdays.filter((each) => (each === day ? !chosen.includes(day) : chosen.includes(each))));
  return (
    <fieldset className="schedule-days">
      <legend className="visually-hidden">{m.days}</legend>
      {isoWeekdays.map((day) => (
        <label key={day}>
          <input type="checkbox" checked={chosen.includes(day)} onChange={() => toggle(day)} />
          <span>{m.dayNames[day - 1]}</span>
        </label>
      ))}
    </fieldset>
  );
}
