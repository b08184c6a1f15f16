import { Button, Form, Input, Modal, Radio } from 'antd';
import type { FleetAlarm } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useAlarmWords } from './alarm-words.ts';
import { scopeOf, scopesOf, type SilenceWhat } from './silence-scope.ts';

interface Wanted {
  readonly what: SilenceWhat;
  readonly minutes: number;
  readonly reason: string;
}
const reasonMax = 300;
const minutesDefault = 60;

/** Tells nobody of such alarms for a while. */
export function SilenceAlarm({ alarm }: { readonly alarm: FleetAlarm }) {
  const m = useAlarmWords();
  const { kit } = useWords();
  const [asking, setAsking] = useState(false);
  const silence = useWrite('POST /v1/fleet/silences', ['GET /v1/fleet/silences', 'GET /v1/fleet/alarms']);
  const close = (): void => {
    setAsking(false);
    silence.reset();
  };
  const [kind, place] = [m.kinds[alarm.kind], alarm.terminalName ?? alarm.communityName ?? ''];
  const words: Readonly<Record<SilenceWhat, string>> = {
    here: m.thisAlarm(place, kind),
    place: m.thisPlace(place),
    kind: m.thisKind(kind),
  };
  const scopes = scopesOf(alarm);
  return (
    <>
      <Button size="large" onClick={() => setAsking(true)}>
        {m.silence}
      </Button>
      <Modal open={asking} title={m.silenceTitle} footer={null} width={480} destroyOnHidden onCancel={close}>
        <Form<Wanted>
          layout="vertical"
          size="large"
          requiredMark={false}
          initialValues={{ what: scopes[0], minutes: minutesDefault }}
          onFinish={({ what, minutes, reason }) =>
            silence.mutate({ body: { ...scopeOf(alarm, what), minutes, reason } }, { onSuccess: close })
          }
        >
          <p className="soft">{m.silenceHint}</p>
          <Form.Item name="what" label={m.what}>
            <Radio.Group options={scopes.map((value) => ({ value, label: words[value] }))} />
          </Form.Item>
          <Form.Item name="minutes" label={m.howLong}>
            <Radio.Group
              options={Object.entries(m.spans).map(([minutes, label]) => ({ value: Number(minutes), label }))}
            />
          </Form.Item>
          <Form.Item name="reason" label={m.why} rules={[{ required: true, message: kit.requiredField }]}>
            <Input maxLength={reasonMax} />
          </Form.Item>
          <div className="stack">
            <ProblemNotice error={silence.error} />
            <Button type="primary" htmlType="submit" block loading={silence.isPending}>
              {m.silence}
            </Button>
          </div>
        </Form>
      </Modal>
    </>
  );
}
