import { App, Button, Form, Input, Modal } from 'antd';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';

interface NewResident {
  name: string;
  phone: string;
  building: string;
  unit: string;
  pin?: string;
}

interface AddResidentProps {
  readonly communityId: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function AddResident({ communityId, open, onClose }: AddResidentProps) {
  const m = useMessages().residents;
  const { kit } = useWords();
  const { message } = App.useApp();
  const add = useWrite('POST /v1/communities/:id/residents', ['GET /v1/communities/:id/residents']);
  const close = (): void => {
    onClose();
    add.reset();
  };
  const submit = ({ pin, ...resident }: NewResident): void =>
    add.mutate(
      { params: { id: communityId }, body: { ...resident, ...(pin && { pin }) } },
      {
        onSuccess: () => {
          void message.success(m.added);
          close();
        },
      },
    );
  const required = { required: true, message: kit.requiredField };
  return (
    <Modal open={open} title={m.add} footer={null} width={520} destroyOnHidden onCancel={close}>
      <Form<NewResident> layout="vertical" size="large" requiredMark={false} onFinish={submit}>
        <Form.Item name="name" label={m.name} rules={[required]}>
          <Input maxLength={60} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="phone"
          label={m.phone}
          rules={[required, { pattern: /^1[3-9]\d{9}$/, message: m.phoneFormat }]}
        >
          <Input inputMode="numeric" maxLength={11} autoComplete="off" />
        </Form.Item>
        <div className="row resident-home">
          <Form.Item name="building" label={m.building} extra={m.buildingHint} rules={[required]}>
            <Input maxLength={20} />
          </Form.Item>
          <Form.Item
            name="unit"
            label={m.unit}
            extra={m.unitHint}
            rules={[required, { pattern: /^\d{1,6}$/, message: m.unitFormat }]}
          >
            <Input inputMode="numeric" maxLength={6} />
          </Form.Item>
        </div>
        <Form.Item name="pin" label={m.pin} extra={m.pinHint} rules={[{ pattern: /^\d{6,8}$/, message: m.pinFormat }]}>
          <Input inputMode="numeric" maxLength={8} autoComplete="off" />
        </Form.Item>
        <div className="stack">
          <ProblemNotice error={add.error} />
          <Button type="primary" size="large" htmlType="submit" block loading={add.isPending}>
            {m.save}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
