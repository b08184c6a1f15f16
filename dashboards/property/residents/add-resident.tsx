import { App, Button, Form, Input, Modal } from 'antd';
import { useLocation } from 'wouter';
import { useWrite } from '../../kit/api/api-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { ResidentFields } from './resident-fields.tsx';
import { emptyForm, newResidentOf, type ResidentForm } from './resident-form.ts';

interface AddResidentProps {
  readonly communityId: string;
  /** Where somebody new most likely lives. */
  readonly home?: { readonly building: string; readonly unit: string };
  readonly open: boolean;
  readonly onClose: () => void;
}

const nowhere = { building: '', unit: '' };
const refreshes = [
  'GET /v1/communities/:id/residents',
  'GET /v1/communities/:id/buildings',
  'GET /v1/communities/:id/units',
  'GET /v1/residents/:id',
] as const;

/** Somebody moves in; afterwards their page shows what they can open doors with. */
export function AddResident({ communityId, home = nowhere, open, onClose }: AddResidentProps) {
  const m = useMessages().residents;
  const { message } = App.useApp();
  const [, go] = useLocation();
  const add = useWrite('POST /v1/communities/:id/residents', refreshes);
  const close = (): void => {
    onClose();
    add.reset();
  };
  const submit = ({ pin = '', ...fields }: Partial<ResidentForm> & { pin?: string }): void =>
    add.mutate(
      { params: { id: communityId }, body: newResidentOf({ ...emptyForm(home), ...fields }, pin) },
      {
        onSuccess: ({ id }) => {
          void message.success(m.added);
          close();
          go(`/residents/${id}`);
        },
      },
    );
  return (
    <Modal open={open} title={m.add} footer={null} width={560} destroyOnHidden onCancel={close}>
      <Form layout="vertical" size="large" requiredMark={false} initialValues={emptyForm(home)} onFinish={submit}>
        <ResidentFields communityId={communityId} resident={null} />
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
