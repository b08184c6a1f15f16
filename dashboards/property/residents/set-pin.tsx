import { App, Button, Form, Input, Modal } from 'antd';
import type { Resident } from '@gatecast/cloud-api/client';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';

interface SetPinProps {
  /** Whose PIN; null: closed. */
  readonly resident: Resident | null;
  readonly onClose: () => void;
}

export function SetPin({ resident, onClose }: SetPinProps) {
  const m = useMessages().residents;
  const { kit } = useWords();
  const { message } = App.useApp();
  const setPin = useWrite('PUT /v1/residents/:id/pin', ['GET /v1/communities/:id/residents']);
  const close = (): void => {
    onClose();
    setPin.reset();
  };
  const submit = ({ pin }: { pin: string }): void => {
    if (!resident) return;
    setPin.mutate(
      { params: { id: resident.id }, body: { pin } },
      {
        onSuccess: () => {
          void message.success(m.pinSaved);
          close();
        },
      },
    );
  };
  return (
    <Modal
      open={resident !== null}
      title={resident && m.setPinTitle(resident.name)}
      footer={null}
      width={440}
      destroyOnHidden
      onCancel={close}
    >
      <Form<{ pin: string }> layout="vertical" size="large" requiredMark={false} onFinish={submit}>
        <Form.Item
          name="pin"
          label={m.pin}
          extra={m.pinHint}
          rules={[
            { required: true, message: kit.requiredField },
            { pattern: /^\d{6,8}$/, message: m.pinFormat },
          ]}
        >
          <Input className="digits pin-input" inputMode="numeric" maxLength={8} autoComplete="off" />
        </Form.Item>
        <div className="stack">
          {resident && <p className="soft">{m.howTo(resident.unit)}</p>}
          <ProblemNotice error={setPin.error} />
          <Button type="primary" size="large" htmlType="submit" block loading={setPin.isPending}>
            {m.save}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
