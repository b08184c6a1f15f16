import { App, Button } from 'antd';
import type { AccessSchedule } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { problemSentence } from '../../kit/i18n/problem-sentence.ts';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { EditSchedule } from './edit-schedule.tsx';
import { WeekPicture } from './week-picture.tsx';
import { windowText } from './week-rows.ts';

/** What the dialog is about: a schedule, a new one, or nothing while it is closed. */
type Edited = AccessSchedule | 'new' | null;

export function WeeklySchedules({ communityId }: { readonly communityId: string }) {
  const m = useMessages().schedules;
  const [edited, setEdited] = useState<Edited>(null);
  const pages = useReadPages('GET /v1/communities/:id/access-schedules', { params: { id: communityId } });
  const addButton = (
    <Button type="primary" size="large" icon={<Icon name="plus" />} onClick={() => setEdited('new')}>
      {m.add}
    </Button>
  );
  return (
    <>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="clock" title={m.empty}>
            <p>{m.emptyHint}</p>
            {addButton}
          </Empty>
        }
      >
        {(schedules) => (
          <>
            <ul className="schedule-cards">
              {schedules.map((schedule) => (
                <ScheduleCard key={schedule.id} schedule={schedule} onEdit={() => setEdited(schedule)} />
              ))}
            </ul>
            <div className="card-action">{addButton}</div>
          </>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
      <EditSchedule communityId={communityId} edited={edited} onClose={() => setEdited(null)} />
    </>
  );
}

function ScheduleCard({ schedule, onEdit }: { readonly schedule: AccessSchedule; readonly onEdit: () => void }) {
  const m = useMessages();
  const words = m.schedules;
  return (
    <li className="card schedule-card">
      <div className="row spread">
        <h2>{schedule.name}</h2>
        <span className="badge">{words.inUse(schedule.inUse)}</span>
      </div>
      <WeekPicture windows={schedule.windows} label={schedule.name} />
      <ul className="soft">
        {schedule.windows.map((window, index) => (
          // Windows have no identity of their own, and the list is only read.
          <li key={index}>{windowText(window, m)}</li>
        ))}
      </ul>
      <div className="row">
        <Button onClick={onEdit} aria-label={`${words.edit} ${schedule.name}`}>
          {words.edit}
        </Button>
        <RemoveSchedule schedule={schedule} />
      </div>
    </li>
  );
}

function RemoveSchedule({ schedule }: { readonly schedule: AccessSchedule }) {
  const m = useMessages().schedules;
  const { kit } = useWords();
  const { modal, message } = App.useApp();
  const remove = useWrite('DELETE /v1/access-schedules/:id', ['GET /v1/communities/:id/access-schedules']);
  const ask = (): void =>
    void modal.confirm({
      title: m.removeTitle(schedule.name),
      content: m.removeText,
      okText: m.remove,
      okButtonProps: { danger: true },
      onOk: () =>
        remove.mutateAsync({ params: { id: schedule.id } }).then(
          () => void message.success(m.removed),
          (error: unknown) => void message.error(problemSentence(error, kit)),
        ),
    });
  const used = schedule.inUse > 0;
  return (
    <Button
      danger
      disabled={used}
      title={used ? m.inUseHint : undefined}
      onClick={ask}
      aria-label={`${m.remove} ${schedule.name}`}
    >
      {m.remove}
    </Button>
  );
}
