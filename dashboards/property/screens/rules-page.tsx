import { App, Button, Form, Input, InputNumber } from 'antd';
import type { Community } from '@gatecast/cloud-api/client';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useCommunity } from '../community-context.tsx';
import { spansOf, spansText } from '../../kit/day-spans.ts';
import { useRulesWords } from './rules-words.ts';

export function ScreenRulesPage() {
  const m = useRulesWords();
  const { community } = useCommunity();
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
      </div>
      <div className="stack">
        {community && <RulesForm key={community.id} community={community} />}
        <Law />
      </div>
    </>
  );
}

interface Rules {
  readonly officePhone: string;
  readonly volumeCapPercent: number;
  readonly complaintHours: number;
  /** As it is typed. */
  readonly childrenPass: string;
}

/** As the cloud takes. */
const childrenSpansMax = 6;
const phoneForm = /^\s*(\+?[0-9][0-9 ()-]{2,38})?\s*$/;

function RulesForm({ community }: { readonly community: Community }) {
  const m = useRulesWords();
  const { kit } = useWords();
  const { message } = App.useApp();
  const { id, officePhone, volumeCapPercent, complaintHours, childrenPass } = community;
  const change = useWrite('PATCH /v1/communities/:id', ['GET /v1/communities']);
  const submit = ({ officePhone: phone, childrenPass: spans, ...rules }: Rules): void =>
    change.mutate(
      {
        params: { id },
        body: { ...rules, officePhone: phone.trim() === '' ? null : phone.trim(), childrenPass: spansOf(spans) ?? [] },
      },
      { onSuccess: () => void message.success(m.saved) },
    );
  const required = [{ required: true, message: kit.requiredField }];
  return (
    <section className="card">
      <Form<Rules>
        name="screen-rules"
        layout="vertical"
        size="large"
        requiredMark={false}
        initialValues={{
          officePhone: officePhone ?? '',
          volumeCapPercent,
          complaintHours,
          childrenPass: spansText(childrenPass),
        }}
        onFinish={submit}
      >
        <Form.Item
          name="officePhone"
          label={m.phone}
          extra={m.phoneHint}
          rules={[{ pattern: phoneForm, message: m.phoneWrong }]}
        >
          <Input maxLength={40} inputMode="tel" autoComplete="off" placeholder={m.phonePlaceholder} />
        </Form.Item>
        <Form.Item name="volumeCapPercent" label={m.cap} extra={m.capHint} rules={required}>
          <InputNumber min={0} max={100} step={5} precision={0} />
        </Form.Item>
        <Form.Item name="complaintHours" label={m.hours} extra={m.hoursHint} rules={required}>
          <InputNumber min={1} max={240} precision={0} />
        </Form.Item>
        <Form.Item
          name="childrenPass"
          label={m.children}
          extra={m.childrenHint}
          rules={[
            {
              validator: (_rule, text: string) =>
                (spansOf(text)?.length ?? childrenSpansMax + 1) <= childrenSpansMax
                  ? Promise.resolve()
                  : Promise.reject(new Error(m.childrenWrong)),
            },
          ]}
        >
          <Input maxLength={120} autoComplete="off" placeholder="06:00-09:00, 15:00-19:00" />
        </Form.Item>
        <div className="stack">
          <ProblemNotice error={change.error} />
          <Button type="primary" htmlType="submit" loading={change.isPending}>
            {m.save}
          </Button>
        </div>
      </Form>
    </section>
  );
}

/** What the law says as far as we have read it, each with its source, its date and whether we have seen the words ourselves. */
function Law() {
  const m = useRulesWords();
  return (
    <section className="card">
      <h2>{m.law}</h2>
      <p>{m.lawIntro}</p>
      <dl className="screen-law">
        {m.rules.map(({ name, date, says, isChecked }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <span className="soft">{date}</span>
              <span>{says}</span>
              <span className={`badge ${isChecked ? 'is-good' : ''}`}>{isChecked ? m.checked : m.unchecked}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
