import { App, Button, Form, Modal } from 'antd';
import type { Resident } from '@gatecast/cloud-api/client';
import { useWrite } from '../../kit/api/api-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { ResidentFields } from './resident-fields.tsx';
import { formOf, patchOf, type ResidentForm } from './resident-form.ts';

interface EditResidentProps {
  readonly resident: Resident;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function EditResident({ resident, open, onClose }: EditResidentProps) {
  const m = useMessages().residents;
  const { message } = App.useApp();
  const edit = useWrite('PATCH /v1/residents/:id', ['GET /v1/residents/:id', 'GET /v1/communities/:id/residents']);
  const close = (): void => {
    onClose();
    edit.reset();
  };
  const submit = (fields: Partial<ResidentForm>): void => {
    const patch = patchOf(resident, { ...formOf(resident), ...fields });
    if (Object.keys(patch).length === 0) return close();
    edit.mutate(
      { params: { id: resident.id }, body: patch },
      {
        onSuccess: () => {
          void message.success(m.edited);
          close();
        },
      },
    );
  };
  return (
    <Modal open={open} title={m.editTitle(resident.name)} footer={null} width={560} destroyOnHidden onCancel={close}>
      <Form layout="vertical" size="large" requiredMark={false} initialValues={formOf(resident)} onFinish={submit}>
        <ResidentFields communityId={resident.communityId} resident={resident} />
        <div className="stack">
          <ProblemNotice error={edit.error} />
          <Button type="primary" size="large" htmlType="submit" block loading={edit.isPending}>
            {m.save}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
