import type { MerchantProfile } from '@gatecast/cloud-api/client';
import { App, Button, Input, Modal, Radio } from 'antd';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { Link } from 'wouter';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { problemSentence } from '../../kit/i18n/problem-sentence.ts';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { ApproveMerchant } from './approve-merchant.tsx';
import { useInventoryPageWords } from './page-words.ts';

const refreshed = ['GET /v1/merchant-applications', 'GET /v1/merchants'] as const;
const reasons = [
  'licence-unreadable',
  'licence-not-theirs',
  'licence-expired',
  'wrong-place',
  'not-allowed',
  'other',
] as const;
type Reason = (typeof reasons)[number];
const noteMax = 300;

/** What may be done with a merchant as it stands. */
export function DeskButtons({ merchant }: { readonly merchant: MerchantProfile }) {
  const m = useInventoryPageWords();
  const { id, name, status } = merchant;
  const reinstate = useWrite('POST /v1/merchants/:id/reinstate', refreshed);
  const reject = useWrite('POST /v1/merchants/:id/reject', refreshed);
  const suspend = useWrite('POST /v1/merchants/:id/suspend', refreshed);
  const params = { id };
  return (
    <div className="decision-buttons">
      {status === 'applied' && (
        <>
          <ApproveMerchant merchant={merchant} />
          <No
            label={m.reject}
            name={name}
            title={m.rejectTitle(name)}
            write={reject}
            onSubmit={(body) => reject.mutateAsync({ params, body })}
          />
          <Link href="/permits" className="desk-link">
            {m.toPermits}
          </Link>
        </>
      )}
      {status === 'approved' && (
        <No
          label={m.suspend}
          name={name}
          title={m.suspendTitle(name)}
          warning={<p className="notice is-warn">{m.suspendWarning}</p>}
          write={suspend}
          onSubmit={(body) => suspend.mutateAsync({ params, body })}
        />
      )}
      {status === 'suspended' && (
        <Yes
          label={m.reinstate}
          name={name}
          said={m.done}
          write={reinstate}
          onPress={() => reinstate.mutateAsync({ params })}
        />
      )}
    </div>
  );
}

interface Write {
  readonly isPending: boolean;
  readonly error: unknown;
}

interface YesProps {
  readonly label: string;
  readonly name: string;
  readonly said: string;
  readonly write: Write;
  readonly onPress: () => Promise<unknown>;
}

function Yes({ label, name, said, write, onPress }: YesProps) {
  const { kit } = useWords();
  const { message } = App.useApp();
  // The card is gone before this is answered.
  const press = (): void =>
    void onPress().then(
      () => message.success(said),
      (error: unknown) => message.error(problemSentence(error, kit)),
    );
  return (
    <Button type="primary" size="large" loading={write.isPending} onClick={press} aria-label={`${label} ${name}`}>
      {label}
    </Button>
  );
}

interface NoProps {
  readonly label: string;
  readonly name: string;
  readonly title: string;
  readonly warning?: ReactNode;
  readonly write: Write;
  readonly onSubmit: (why: { reason: Reason; note: string }) => Promise<unknown>;
}

/** Asks why, as the merchant reads it and knows what to change. */
function No({ label, name, title, warning, write, onSubmit }: NoProps) {
  const m = useInventoryPageWords();
  const { message } = App.useApp();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState<Reason | null>(null);
  const [note, setNote] = useState('');
  // "Other" alone tells nobody anything.
  const isUnsaid = reason === null || (reason === 'other' && note.trim() === '');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (reason === null || isUnsaid) return;
    void onSubmit({ reason, note: note.trim() }).then(
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
      <Button danger size="large" onClick={() => setOpen(true)} aria-label={`${label} ${name}`}>
        {label}
      </Button>
      <Modal open={isOpen} title={title} footer={null} width={480} destroyOnHidden onCancel={() => setOpen(false)}>
        <form className="stack" onSubmit={submit}>
          {warning}
          <fieldset className="field">
            <legend>{m.why}</legend>
            <Radio.Group
              className="reject-reasons"
              value={reason}
              onChange={(event) => setReason(event.target.value as Reason)}
              options={reasons.map((value) => ({ value, label: m.whyWords[value] ?? value }))}
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
          <ProblemNotice error={write.error} />
          <Button danger type="primary" size="large" htmlType="submit" disabled={isUnsaid} loading={write.isPending}>
            {label}
          </Button>
        </form>
      </Modal>
    </>
  );
}
