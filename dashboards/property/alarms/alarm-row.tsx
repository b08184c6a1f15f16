import { Button, Form, Input, Modal } from 'antd';
import type { Alarm } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link } from 'wouter';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { alarmIcon } from '../doors/door-look.ts';
import { useMessages } from '../messages/zh.ts';
import { useAlarmWords } from './alarm-words.ts';

const refreshMs = 30_000;
/** They tell of a moment and have no end. */
const momentary: ReadonlySet<Alarm['kind']> = new Set([
  'wrong-codes',
  'code-storm',
  'passback',
  'duress',
  'break-glass',
]);

interface AlarmRowProps {
  readonly alarm: Alarm;
  readonly zone: string;
}

/** What is wrong, where, since when; who saw to it, or the button to do so. */
export function AlarmRow({ alarm, zone }: AlarmRowProps) {
  const m = useAlarmWords();
  const { kinds, unit } = useMessages().log;
  const format = useFormats();
  const now = useNow(refreshMs);
  const [isTaking, setIsTaking] = useState(false);
  const { kind, terminalId, entranceName, at, endedAt, who, ackedAt, ackedBy, note } = alarm;
  const time = (moment: number): string => format.timeOrDate(moment, now, zone);
  const end = endedAt === null ? (momentary.has(kind) ? m.moment : m.lasts) : m.ended(time(endedAt));
  return (
    <li className={`card alarm-row ${ackedAt === null ? 'is-open' : ''}`}>
      <Icon name={alarmIcon[kind]} size={30} />
      <div className="alarm-what">
        <b>{kinds[kind]}</b>
        <span>
          <Link href={`/terminals/${terminalId}`} title={m.door}>
            {entranceName}
          </Link>
          {who && ` · ${who.name}${who.unit === null ? '' : ` · ${unit(who.unit)}`}`}
        </span>
      </div>
      <div className="alarm-when soft">
        <span>
          {m.since(time(at))} · {format.relative(Math.min(at, now), now)}
        </span>
        <span>{end}</span>
      </div>
      <div className="alarm-taken">
        {ackedAt === null ? (
          <Button type="primary" size="large" onClick={() => setIsTaking(true)}>
            {m.handle}
          </Button>
        ) : (
          <>
            <span className="badge is-good">{m.handled(ackedBy ?? '', time(ackedAt))}</span>
            {note && <span className="soft">{note}</span>}
          </>
        )}
      </div>
      {kind === 'duress' && ackedAt === null && <p className="notice is-bad alarm-hint">{m.duressHint}</p>}
      <TakeDialog alarm={alarm} open={isTaking} onClose={() => setIsTaking(false)} />
    </li>
  );
}

interface TakeDialogProps {
  readonly alarm: Alarm;
  readonly open: boolean;
  readonly onClose: () => void;
}

function TakeDialog({ alarm, open, onClose }: TakeDialogProps) {
  const m = useAlarmWords();
  const { kinds } = useMessages().log;
  const [form] = Form.useForm<{ note?: string }>();
  const take = useWrite('POST /v1/alarms/:id/ack', ['GET /v1/alarms', 'GET /v1/alarm-counts', 'GET /v1/terminals']);
  const submit = ({ note = '' }: { note?: string }): void =>
    take.mutate(
      { params: { id: alarm.id }, body: note.trim() === '' ? {} : { note: note.trim() } },
      { onSuccess: onClose },
    );
  return (
    <Modal
      open={open}
      title={`${kinds[alarm.kind]} · ${alarm.entranceName}`}
      footer={null}
      destroyOnHidden
      onCancel={onClose}
    >
      <Form form={form} layout="vertical" size="large" requiredMark={false} onFinish={submit}>
        <div className="row alarm-quick">
          {m.quick.map((quick) => (
            <Button key={quick} onClick={() => form.setFieldValue('note', quick)}>
              {quick}
            </Button>
          ))}
        </div>
        <Form.Item name="note" label={m.note}>
          <Input maxLength={300} placeholder={m.notePlaceholder} />
        </Form.Item>
        <div className="stack">
          <ProblemNotice error={take.error} />
          <div className="row dialog-actions">
            <Button size="large" onClick={onClose}>
              {m.cancel}
            </Button>
            <Button type="primary" size="large" htmlType="submit" loading={take.isPending}>
              {m.save}
            </Button>
          </div>
        </div>
      </Form>
    </Modal>
  );
}
