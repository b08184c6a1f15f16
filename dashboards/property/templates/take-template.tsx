import { App, Button, Checkbox, Form, Input, Modal, Select } from 'antd';
import type { Terminal } from '@gatecast/cloud-api/client';
import { useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { Loading, ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { someOf } from '../../kit/console/some-of.ts';
import { settingText, templateFields, type Field } from './settings-text.ts';
import { useTemplateWords } from './template-words.ts';

interface TakeForm {
  readonly name: string;
  readonly source: string;
  readonly fields: readonly Field[];
}

const terminalsMax = 200;
/** What doors of one kind mostly share. */
const usualFields: readonly Field[] = ['openMs', 'heldOpenMs', 'quiet', 'volumePercent'];

interface TakeTemplateProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Keeps what one door has as a template. */
export function TakeTemplate({ open, onClose }: TakeTemplateProps) {
  const m = useTemplateWords();
  const pages = useReadPages('GET /v1/terminals', { query: { limit: terminalsMax } });
  return (
    <Modal open={open} title={m.make} footer={null} width={620} destroyOnHidden onCancel={onClose}>
      {pages.query.isPending ? <Loading /> : <Take terminals={pages.items} onClose={onClose} />}
    </Modal>
  );
}

function Take({ terminals, onClose }: { readonly terminals: readonly Terminal[]; readonly onClose: () => void }) {
  const m = useTemplateWords();
  const { schedules } = useMessages().doors;
  const { message } = App.useApp();
  const [form] = Form.useForm<TakeForm>();
  const source = Form.useWatch('source', form) ?? terminals[0]?.id;
  const settings = terminals.find(({ id }) => id === source)?.settings;
  const make = useWrite('POST /v1/settings-templates', ['GET /v1/settings-templates']);
  const submit = ({ name, fields }: TakeForm): void => {
    if (!settings) return;
    const taken = Object.fromEntries(fields.map((field) => [field, settings[field]]));
    make.mutate(
      { body: { name, settings: taken } },
      {
        onSuccess: () => {
          void message.success(m.saved);
          onClose();
        },
      },
    );
  };
  return (
    <Form<TakeForm>
      form={form}
      layout="vertical"
      size="large"
      requiredMark={false}
      initialValues={{ source: terminals[0]?.id, fields: usualFields }}
      onFinish={submit}
    >
      <Form.Item name="name" label={m.name} rules={[{ required: true, whitespace: true, max: 60 }]}>
        <Input placeholder={m.namePlaceholder} autoComplete="off" />
      </Form.Item>
      <Form.Item name="source" label={m.source} rules={[{ required: true }]}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          options={terminals.map(({ id, communityName, entranceName }) => ({
            value: id,
            label: `${communityName} · ${entranceName}`,
          }))}
        />
      </Form.Item>
      <Form.Item name="fields" label={m.fields} rules={[someOf(m.noFields)]}>
        <Checkbox.Group
          className="template-fields"
          options={templateFields.map((field) => ({
            value: field,
            label: settings
              ? `${m.field[field]}：${settingText(field, settings[field], m, schedules)}`
              : m.field[field],
          }))}
        />
      </Form.Item>
      <div className="stack">
        <ProblemNotice error={make.error} />
        <Button type="primary" size="large" htmlType="submit" block loading={make.isPending} disabled={!settings}>
          {m.save}
        </Button>
      </div>
    </Form>
  );
}
