import { App, Button, Input, Modal } from 'antd';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { ProblemNotice } from '../../ui/states.tsx';
import { useInventoryWords } from './inventory-words.ts';

const noteMax = 300;
const noteMin = 2;

interface SayWhyProps {
  readonly label: string;
  /** What the button is about, for who does not see it. */
  readonly about: string;
  readonly title: string;
  readonly warning?: ReactNode;
  readonly write: { readonly isPending: boolean; readonly error: unknown; readonly reset: () => void };
  readonly onSubmit: (note: string) => Promise<unknown>;
}

/** A step that somebody else will ask the reason of. */
export function SayWhy({ label, about, title, warning, write, onSubmit }: SayWhyProps) {
  const m = useInventoryWords();
  const { message } = App.useApp();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [note, setNote] = useState('');
  const open = (): void => {
    write.reset();
    setNote('');
    setOpen(true);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void onSubmit(note.trim()).then(
      () => {
        void message.success(m.done);
        setOpen(false);
      },
      // The dialog shows it.
      () => undefined,
    );
  };
  return (
    <>
      <Button danger size="large" onClick={open} aria-label={`${label} ${about}`}>
        {label}
      </Button>
      <Modal open={isOpen} title={title} footer={null} width={480} destroyOnHidden onCancel={() => setOpen(false)}>
        <form className="stack" onSubmit={submit}>
          {warning}
          <div className="field">
            <label htmlFor={id}>{m.why}</label>
            <Input.TextArea
              id={id}
              rows={3}
              maxLength={noteMax}
              placeholder={m.whyHint}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
          </div>
          <ProblemNotice error={write.error} />
          <Button
            danger
            type="primary"
            size="large"
            htmlType="submit"
            disabled={note.trim().length < noteMin}
            loading={write.isPending}
          >
            {label}
          </Button>
        </form>
      </Modal>
    </>
  );
}
