import { App, Button, Input, Modal } from 'antd';
import type { AccessSchedule } from '@gatecast/cloud-api/client';
import { useId, useState, type FormEvent } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { WeekPicture } from './week-picture.tsx';
import type { ScheduleWindow } from './week-rows.ts';
import { WindowRow } from './window-row.tsx';

interface EditScheduleProps {
  readonly communityId: string;
  /** Null: closed. */
  readonly edited: AccessSchedule | 'new' | null;
  readonly onClose: () => void;
}

const windowsMax = 64;
const window = (days: number[], fromMinute: number, toMinute: number): ScheduleWindow => ({
  days,
  fromMinute,
  toMinute,
  entranceIds: null,
});
const presets = {
  workdays: [window([1, 2, 3, 4, 5], 8 * 60, 18 * 60)],
  everyDay: [window([1, 2, 3, 4, 5, 6, 7, 8], 7 * 60, 21 * 60)],
  weekend: [window([6, 7, 8], 9 * 60, 18 * 60)],
} as const satisfies Record<string, readonly ScheduleWindow[]>;
const presetNames = ['workdays', 'everyDay', 'weekend'] as const;

export function EditSchedule({ communityId, edited, onClose }: EditScheduleProps) {
  const m = useMessages().schedules;
  return (
    <Modal
      open={edited !== null}
      title={edited === null || edited === 'new' ? m.addTitle : m.editTitle(edited.name)}
      footer={null}
      width={720}
      destroyOnHidden
      mask={{ closable: false }}
      onCancel={onClose}
    >
      {edited !== null && (
        <ScheduleForm communityId={communityId} schedule={edited === 'new' ? null : edited} onClose={onClose} />
      )}
    </Modal>
  );
}

interface ScheduleFormProps {
  readonly communityId: string;
  readonly schedule: AccessSchedule | null;
  readonly onClose: () => void;
}

function ScheduleForm({ communityId, schedule, onClose }: ScheduleFormProps) {
  const m = useMessages().schedules;
  const id = useId();
  const [name, setName] = useState(schedule?.name ?? '');
  const [windows, setWindows] = useState<readonly ScheduleWindow[]>(schedule?.windows ?? presets.workdays);
  const [fault, setFault] = useState<string | null>(null);
  const { save, busy, error } = useSaveSchedule(communityId, schedule, onClose);
  const change = (index: number, next: ScheduleWindow): void =>
    setWindows(windows.map((each, at) => (at === index ? next : each)));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (windows.some(({ days }) => days.length === 0)) return setFault(m.noDay);
    setFault(null);
    save({ name, windows: windows.map((each) => ({ ...each, days: [...each.days] })) });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <div className="field">
        <label htmlFor={id}>{m.name}</label>
        <Input
          id={id}
          size="large"
          required
          maxLength={60}
          placeholder={m.namePlaceholder}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </div>
      {schedule === null && (
        <div className="row">
          <span className="soft">{m.presets}</span>
          {presetNames.map((each) => (
            <Button
              key={each}
              onClick={() => {
                setWindows(presets[each]);
                setName(name || m.preset[each]);
              }}
            >
              {m.preset[each]}
            </Button>
          ))}
        </div>
      )}
      <WeekPicture windows={windows} label={name} />
      <fieldset className="field">
        <legend>{m.windows}</legend>
        <ol className="window-rows">
          {windows.map((each, index) => (
            // Windows have no identity of their own, and none of their fields keeps state.
            <li key={index}>
              <WindowRow
                communityId={communityId}
                window={each}
                onChange={(next) => change(index, next)}
                onRemove={windows.length > 1 ? () => setWindows(windows.filter((_, at) => at !== index)) : null}
              />
            </li>
          ))}
        </ol>
        <Button
          className="start"
          icon={<Icon name="plus" size={18} />}
          disabled={windows.length >= windowsMax}
          onClick={() => setWindows([...windows, presets.weekend[0]])}
        >
          {m.addWindow}
        </Button>
        <span className="hint">{m.holidayHint}</span>
      </fieldset>
      {fault && (
        <p className="notice is-bad" role="alert">
          {fault}
        </p>
      )}
      <ProblemNotice error={error} />
      <Button type="primary" size="large" htmlType="submit" loading={busy}>
        {m.save}
      </Button>
    </form>
  );
}

interface ScheduleBody {
  readonly name: string;
  readonly windows: ScheduleWindow[];
}

function useSaveSchedule(communityId: string, schedule: AccessSchedule | null, onClose: () => void) {
  const m = useMessages().schedules;
  const { message } = App.useApp();
  const add = useWrite('POST /v1/communities/:id/access-schedules', ['GET /v1/communities/:id/access-schedules']);
  const edit = useWrite('PUT /v1/access-schedules/:id', ['GET /v1/communities/:id/access-schedules']);
  const onSuccess = (): void => {
    void message.success(m.saved);
    onClose();
  };
  return {
    busy: add.isPending || edit.isPending,
    error: add.error ?? edit.error,
    save: (body: ScheduleBody): void => {
      if (schedule) edit.mutate({ params: { id: schedule.id }, body }, { onSuccess });
      else add.mutate({ params: { id: communityId }, body }, { onSuccess });
    },
  };
}
