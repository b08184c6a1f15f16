import { App, Button, Input, Modal, Radio } from 'antd';
import type { Clip } from '@gatecast/cloud-api/client';
import { useId, useState, type FormEvent } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';

const reasons = ['misleading', 'banned-goods', 'quality', 'rights', 'other'] as const;
type Reason = (typeof reasons)[number];
const noteMax = 300;

interface RejectClipProps {
  readonly clip: Clip;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Asks why, so that the merchant knows what to change. */
export function RejectClip({ clip, open, onClose }: RejectClipProps) {
  const m = useMessages().review;
  const { message } = App.useApp();
  const id = useId();
  const [reason, setReason] = useState<Reason>('misleading');
  const [note, setNote] = useState('');
  const reject = useWrite('POST /v1/clips/:id/reject', ['GET /v1/clips']);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    reject.mutate(
      { params: { id: clip.id }, body: { reason, note } },
      {
        onSuccess: () => {
          void message.success(m.rejected(clip.title));
          onClose();
        },
      },
    );
  };
  return (
    <Modal open={open} title={m.rejectTitle(clip.title)} footer={null} width={480} destroyOnHidden onCancel={onClose}>
      <form className="stack" onSubmit={submit}>
        <fieldset className="field">
          <legend>{m.why}</legend>
          <Radio.Group
            className="reject-reasons"
            value={reason}
            onChange={(event) => setReason(event.target.value as Reason)}
            options={reasons.map((value) => ({ value, label: m.reasons[value] ?? value }))}
          />
        </fieldset>
        <div className="field">
          <label htmlFor={`${id}-note`}>{m.note}</label>
          <Input.TextArea
            id={`${id}-note`}
            rows={3}
            maxLength={noteMax}
            placeholder={m.notePlaceholder}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        </div>
        <ProblemNotice error={reject.error} />
        <Button danger type="primary" size="large" htmlType="submit" loading={reject.isPending}>
          {m.reject}
        </Button>
      </form>
    </Modal>
  );
}
