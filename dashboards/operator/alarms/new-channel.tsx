import { Button, Form, Input, Modal, Radio } from 'antd';
import type { NewChannel } from '@gatecast/cloud-api/client';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { CopyButton } from '../../kit/ui/copy-button.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useAlarmWords } from './alarm-words.ts';

interface Filled {
  readonly kind: NewChannel['kind'];
  readonly name: string;
  readonly leastSeverity: NewChannel['leastSeverity'];
  readonly url?: string;
  readonly phones?: string;
}
const phoneNumber = /^\+?\d{6,15}$/;
const phonesMax = 10;
const phonesOf = (text = ''): string[] => text.split(/[\s,，、;；]+/).filter((phone) => phone !== '');

interface NewChannelDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Makes a way out; a webhook's secret is shown once. */
export function NewChannelDialog({ open, onClose }: NewChannelDialogProps) {
  const m = useAlarmWords();
  const create = useWrite('POST /v1/fleet/channels', ['GET /v1/fleet/channels']);
  const secret = create.data?.secret ?? null;
  const close = (): void => {
    onClose();
    create.reset();
  };
  const submit = ({ kind, name, leastSeverity, url = '', phones }: Filled): void =>
    create.mutate(
      {
        body:
          kind === 'webhook'
            ? { kind, name, leastSeverity, url }
            : { kind, name, leastSeverity, phones: phonesOf(phones) },
      },
      { onSuccess: (made) => made.secret === null && close() },
    );
  return (
    <Modal
      open={open}
      title={secret === null ? m.addChannel : m.secretTitle}
      footer={null}
      width={480}
      destroyOnHidden
      mask={{ closable: false }}
      onCancel={close}
    >
      {secret === null ? (
        <ChannelForm busy={create.isPending} error={create.error} onSubmit={submit} />
      ) : (
        <div className="stack">
          <code className="channel-secret">{secret}</code>
          <p className="notice is-warn">{m.secretHint}</p>
          <div className="row">
            <CopyButton text={secret} />
            <Button type="primary" size="large" onClick={close}>
              {m.done}
            </Button>
          </div>
        </div>
      )}
    </Modal>
  );
}

interface ChannelFormProps {
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: (filled: Filled) => void;
}

function ChannelForm({ busy, error, onSubmit }: ChannelFormProps) {
  const m = useAlarmWords();
  const { kit } = useWords();
  const [form] = Form.useForm<Filled>();
  const kind = Form.useWatch('kind', form) ?? 'webhook';
  const required = { required: true, message: kit.requiredField };
  const arePhones = {
    validator: async (_: unknown, text?: string) => {
      const phones = phonesOf(text);
      const fit = phones.length > 0 && phones.length <= phonesMax && phones.every((phone) => phoneNumber.test(phone));
      if (!fit) throw new Error(m.phonesWrong);
    },
  };
  return (
    <Form
      form={form}
      layout="vertical"
      size="large"
      requiredMark={false}
      initialValues={{ kind: 'webhook', leastSeverity: 'warning' }}
      onFinish={onSubmit}
    >
      <Form.Item name="kind" label={m.kind}>
        <Radio.Group
          options={[
            { value: 'webhook', label: m.webhook },
            { value: 'sms', label: m.sms },
          ]}
        />
      </Form.Item>
      <Form.Item name="name" label={m.channelName} rules={[required]}>
        <Input maxLength={60} />
      </Form.Item>
      {kind === 'webhook' ? (
        <Form.Item name="url" label={m.url} extra={m.urlHint} rules={[required]}>
          <Input type="url" maxLength={500} placeholder="https://" />
        </Form.Item>
      ) : (
        <Form.Item name="phones" label={m.phones} extra={m.phonesHint} rules={[arePhones]}>
          <Input.TextArea rows={3} />
        </Form.Item>
      )}
      <Form.Item name="leastSeverity" label={m.least}>
        <Radio.Group
          options={(['critical', 'warning', 'notice'] as const).map((value) => ({ value, label: m.leastOf[value] }))}
        />
      </Form.Item>
      <div className="stack">
        <ProblemNotice error={error} />
        <Button type="primary" htmlType="submit" block loading={busy}>
          {m.create}
        </Button>
      </div>
    </Form>
  );
}
