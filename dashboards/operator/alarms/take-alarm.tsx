import { Button, Form, Input, Modal } from 'antd';
import type { FleetAlarm } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useAlarmWords } from './alarm-words.ts';

const noteMax = 300;

/** Says that somebody sees to an alarm. */
export function TakeAlarm({ alarm }: { readonly alarm: FleetAlarm }) {
  const m = useAlarmWords();
  const [asking, setAsking] = useState(false);
  const take = useWrite('POST /v1/fleet/alarms/:id/ack', ['GET /v1/fleet/alarms']);
  const close = (): void => {
    setAsking(false);
    take.reset();
  };
  return (
    <>
      <Button type="primary" size="large" onClick={() => setAsking(true)}>
        {m.ack}
      </Button>
      <Modal open={asking} title={m.ackTitle} footer={null} width={480} destroyOnHidden onCancel={close}>
        <Form<{ note?: string }>
          layout="vertical"
          size="large"
          onFinish={({ note }) =>
            take.mutate({ params: { id: alarm.id }, body: { ...(note && { note }) } }, { onSuccess: close })
          }
        >
          <p>
            <b>{m.kinds[alarm.kind]}</b>
          </p>
          <p className="soft">{m.ackHint}</p>
          <Form.Item name="note" label={m.note}>
            <Input.TextArea rows={2} maxLength={noteMax} />
          </Form.Item>
          <div className="stack">
            <ProblemNotice error={take.error} />
            <Button type="primary" htmlType="submit" block loading={take.isPending}>
              {m.ack}
            </Button>
          </div>
        </Form>
      </Modal>
    </>
  );
}
