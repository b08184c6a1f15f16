import { Select } from 'antd';
import { useId } from 'react';
import { Link } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { WeekPicture } from '../schedules/week-picture.tsx';

const schedulesShownMax = 200;

interface SchedulePickerProps {
  readonly communityId: string;
  /** Null: at any time. */
  readonly value: string | null;
  readonly onChange: (scheduleId: string | null) => void;
}

/** At which hours of the week somebody may come, of those that the property has drawn up. */
export function SchedulePicker({ communityId, value, onChange }: SchedulePickerProps) {
  const m = useMessages().passes;
  const id = useId();
  const { data } = useRead('GET /v1/communities/:id/access-schedules', {
    params: { id: communityId },
    query: { limit: schedulesShownMax },
  });
  const schedules = data?.items ?? [];
  const chosen = schedules.find((each) => each.id === value);
  return (
    <div className="field">
      <label htmlFor={id}>{m.schedule}</label>
      <Select
        id={id}
        size="large"
        value={value ?? ''}
        onChange={(next: string) => onChange(next || null)}
        options={[
          { value: '', label: m.anyTime },
          ...schedules.map(({ id: each, name }) => ({ value: each, label: name })),
        ]}
      />
      {chosen && <WeekPicture windows={chosen.windows} label={chosen.name} />}
      <span className="hint">
        {data && schedules.length === 0 ? m.scheduleNone : m.scheduleHint} <Link href="/schedules">{m.scheduleGo}</Link>
      </span>
    </div>
  );
}
