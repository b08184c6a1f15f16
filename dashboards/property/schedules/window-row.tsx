import { Input, Select } from 'antd';
import { useId } from 'react';
import { useRead } from '../../kit/api/api-context.tsx';
import { clockText, minuteOfClock } from '../../kit/format.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/zh.ts';
import { scheduleDays, windowText, type ScheduleWindow } from './week-rows.ts';

const entrancesShownMax = 200;

interface WindowRowProps {
  readonly communityId: string;
  readonly window: ScheduleWindow;
  readonly onChange: (window: ScheduleWindow) => void;
  /** Null for the last one: a schedule has at least one window. */
  readonly onRemove: (() => void) | null;
}

/** One window: its days, from when to when, and the doors that it is for. */
export function WindowRow({ communityId, window, onChange, onRemove }: WindowRowProps) {
  const m = useMessages();
  const words = m.schedules;
  const id = useId();
  const { data } = useRead('GET /v1/communities/:id/entrances', {
    params: { id: communityId },
    query: { limit: entrancesShownMax },
  });
  const text = windowText(window, m);
  const clock = (end: 'fromMinute' | 'toMinute', label: string) => (
    <div className="field">
      <label htmlFor={`${id}-${end}`}>{label}</label>
      <Input
        id={`${id}-${end}`}
        type="time"
        size="large"
        value={clockText(window[end])}
        onChange={(event) => {
          const minute = minuteOfClock(event.currentTarget.value);
          if (minute !== null) onChange({ ...window, [end]: minute });
        }}
      />
    </div>
  );
  const toggle = (day: number): number[] =>
    scheduleDays.filter((each) => (each === day ? !window.days.includes(day) : window.days.includes(each)));
  return (
    <fieldset className="window-row">
      <legend>{text}</legend>
      <fieldset className="window-days">
        <legend className="visually-hidden">{words.days}</legend>
        {scheduleDays.map((day) => (
          <label key={day}>
            <input
              type="checkbox"
              aria-label={words.dayLong[day - 1]}
              checked={window.days.includes(day)}
              onChange={() => onChange({ ...window, days: toggle(day) })}
            />
            <span aria-hidden="true">{words.dayShort[day - 1]}</span>
          </label>
        ))}
      </fieldset>
      {clock('fromMinute', words.from)}
      {clock('toMinute', words.to)}
      <div className="field window-doors">
        <label htmlFor={`${id}-doors`}>{words.doors}</label>
        <Select
          id={`${id}-doors`}
          size="large"
          mode="multiple"
          placeholder={words.allDoors}
          maxTagCount="responsive"
          value={window.entranceIds ?? []}
          onChange={(chosen: string[]) => onChange({ ...window, entranceIds: chosen.length > 0 ? chosen : null })}
          options={data?.items.map((each) => ({ value: each.id, label: each.name })) ?? []}
        />
      </div>
      {onRemove && (
        <button type="button" className="window-remove" aria-label={words.removeWindow(text)} onClick={onRemove}>
          <Icon name="cross" />
        </button>
      )}
    </fieldset>
  );
}
