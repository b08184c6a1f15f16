import { Button, Input, Modal, Radio } from 'antd';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useReviewWords } from './review-words.ts';

const noteMax = 300;

interface ReasonDialogProps<R extends string> {
  readonly open: boolean;
  readonly title: string;
  /** What it brings about. */
  readonly warning?: ReactNode;
  readonly reasons: readonly R[];
  /** Chosen to begin with; without it, nothing is: a wrong reason is sent too easily. */
  readonly likely?: R;
  readonly action: string;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onSubmit: (why: { reason: R; note: string }) => void;
  readonly onClose: () => void;
}

/** Asks why, so that whoever it concerns knows what to change. */
export function ReasonDialog<R extends string>(props: ReasonDialogProps<R>) {
  const { open, title, warning, reasons, likely, action, isPending, error, onSubmit, onClose } = props;
  const m = useReviewWords();
  const id = useId();
  const [reason, setReason] = useState<R | undefined>(likely);
  const [note, setNote] = useState('');
  // "Other" alone tells nobody anything.
  const isUnsaid = reason === 'other' && note.trim() === '';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (reason && !isUnsaid) onSubmit({ reason, note: note.trim() });
  };
  return (
    <Modal open={open} title={title} footer={null} width={480} destroyOnHidden onCancel={onClose}>
      <form className="stack" onSubmit={submit}>
        {warning}
        <fieldset className="field">
          <legend>{m.why}</legend>
          <Radio.Group
            className="reject-reasons"
            value={reason}
            onChange={(event) => setReason(event.target.value as R)}
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
            required={reason === 'other'}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        </div>
        <ProblemNotice error={error} />
        <Button danger type="primary" size="large" htmlType="submit" disabled={!reason || isUnsaid} loading={isPending}>
          {action}
        </Button>
      </form>
    </Modal>
  );
}
