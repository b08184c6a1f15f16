import { App, Button, Form, Input, Modal } from 'antd';
import type { Resident } from '@gatecast/cloud-api/client';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';

/** The PIN that opens, or the one that opens and calls for help in silence. */
export type PinKind = 'pin' | 'duress-pin';

interface SetPinProps {
  readonly resident: Resident;
  /** Which one; null: closed. */
  readonly kind: PinKind | null;
  readonly onClose: () => void;
}

const refreshes = [
  'GET /v1/residents/:id',
  'GET /v1/residents/:id/credentials',
  'GET /v1/communities/:id/residents',
] as const;

export function SetPin({ resident, kind, onClose }: SetPinProps) {
  const m = useMessages().residents.ways;
  const isDuress = kind === 'duress-pin';
  return (
    <Modal
      open={kind !== null}
      title={isDuress ? m.setDuressTitle(resident.name) : m.setPinTitle(resident.name)}
      footer={null}
      width={440}
      destroyOnHidden
      onCancel={onClose}
    >
      {kind !== null && <PinForm resident={resident} kind={kind} onClose={onClose} />}
    </Modal>
  );
}

function PinForm({ resident, kind, onClose }: SetPinProps & { readonly kind: PinKind }) {
  const { ways: m, pinFormat, pinHint, save } = useMessages().residents;
  const { kit } = useWords();
  const { message } = App.useApp();
  const setPin = useWrite('PUT /v1/residents/:id/pin', refreshes);
  const setDuress = useWrite('PUT /v1/residents/:id/duress-pin', refreshes);
  const isDuress = kind === 'duress-pin';
  const saved = (): void => {
    void message.success(m.pinSaved);
    onClose();
  };
  const submit = (body: { pin: string }): void => {
    const call = { params: { id: resident.id }, body };
    if (isDuress) setDuress.mutate(call, { onSuccess: saved });
    else setPin.mutate(call, { onSuccess: saved });
  };
  return (
    <Form<{ pin: string }> layout="vertical" size="large" requiredMark={false} onFinish={submit}>
      {isDuress && <p className="notice pin-notice">{m.duressHint}</p>}
      <Form.Item
        name="pin"
        label={isDuress ? m.duress : m.pin}
        extra={isDuress ? m.duressRule : pinHint}
        rules={[
          { required: true, message: kit.requiredField },
          { pattern: /^\d{6,8}$/, message: pinFormat },
        ]}
      >
        <Input className="digits pin-input" inputMode="numeric" maxLength={8} autoComplete="off" />
      </Form.Item>
      <div className="stack">
        <p className="soft">{m.howTo(resident.unit)}</p>
        <ProblemNotice error={isDuress ? setDuress.error : setPin.error} />
        <Button
          type="primary"
          size="large"
          htmlType="submit"
          block
          loading={isDuress ? setDuress.isPending : setPin.isPending}
        >
          {save}
        </Button>
      </div>
    </Form>
  );
}
