import { App, Button, Form, Input, InputNumber } from 'antd';
import type { Community } from '@gatecast/cloud-api/client';
import { useWrite } from '../../kit/api/api-context.tsx';
import { GeoInput } from '../../kit/console/geo-input.tsx';
import { pointOfText, textOfPoint } from '../../kit/geo-point.ts';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useCommunityWords } from './community-words.ts';

const logDaysSpan = { min: 30, max: 180 } as const;
const nameMax = 60;

interface Facts extends Pick<Community, 'name' | 'logDays'> {
  /** `30.2741, 120.1551` */
  readonly place?: string;
}

/** Its name, and for how many days the access log names people. */
export function CommunityFacts({ community }: { readonly community: Community }) {
  const m = useCommunityWords();
  const { kit } = useWords();
  const format = useFormats();
  const { message } = App.useApp();
  const change = useWrite('PATCH /v1/communities/:id', ['GET /v1/communities']);
  const submit = ({ place, ...facts }: Facts): void => {
    const body = { ...facts, location: pointOfText(place ?? '') ?? null };
    change.mutate({ params: { id: community.id }, body }, { onSuccess: () => void message.success(m.saved) });
  };
  const { name, logDays, location } = community;
  const place = location ? textOfPoint(location) : '';
  return (
    <section className="card">
      <h2>{m.facts}</h2>
      <Form
        name="community"
        layout="vertical"
        size="large"
        requiredMark={false}
        initialValues={{ name, logDays, place }}
        onFinish={submit}
      >
        <Form.Item
          name="name"
          label={m.name}
          rules={[{ required: true, whitespace: true, message: kit.requiredField }]}
        >
          <Input maxLength={nameMax} autoComplete="off" />
        </Form.Item>
        <Form.Item label={m.households}>
          <span className="digits">{m.householdCount(format.number(community.households))}</span>
        </Form.Item>
        <Form.Item
          name="logDays"
          label={m.logDays}
          extra={m.logDaysHint}
          rules={[{ required: true, message: kit.requiredField }]}
        >
          <InputNumber {...logDaysSpan} precision={0} />
        </Form.Item>
        <GeoInput />
        <div className="stack">
          <ProblemNotice error={change.error} />
          <Button size="large" type="primary" htmlType="submit" loading={change.isPending}>
            {m.save}
          </Button>
        </div>
      </Form>
    </section>
  );
}
