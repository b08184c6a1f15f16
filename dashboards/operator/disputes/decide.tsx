import type { Dispute } from '@gatecast/cloud-api/client';
import { App, Button, Form, Input, InputNumber, Modal } from 'antd';
import { useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useDisputeWords } from './dispute-words.ts';

const noteMax = 500;
const fenPerYuan = 100;
const reads = ['GET /v1/disputes', 'GET /v1/disputes/:id', 'GET /v1/ledger'] as const;

interface Answer {
  readonly note: string;
  readonly yuan?: number;
}

/** The two answers, each with its reason. */
export function Decide({ dispute: { id, line } }: { readonly dispute: Dispute }) {
  const m = useDisputeWords();
  const uphold = useWrite('POST /v1/disputes/:id/uphold', reads);
  const refuse = useWrite('POST /v1/disputes/:id/refuse', reads);
  return (
    <div className="row">
      <AnswerButton
        label={m.uphold}
        title={m.upholdTitle}
        maxYuan={line.amountFen / fenPerYuan}
        write={uphold}
        send={({ note, yuan }) =>
          uphold.mutateAsync({
            params: { id },
            body: { note, ...(yuan !== undefined && { amountFen: Math.round(yuan * fenPerYuan) }) },
          })
        }
      />
      <AnswerButton
        label={m.refuse}
        title={m.refuseTitle}
        write={refuse}
        send={({ note }) => refuse.mutateAsync({ params: { id }, body: { note } })}
      />
    </div>
  );
}

interface AnswerButtonProps {
  readonly label: string;
  readonly title: string;
  /** Money goes back, at most so much. */
  readonly maxYuan?: number;
  readonly write: { readonly isPending: boolean; readonly error: unknown };
  readonly send: (answer: Answer) => Promise<unknown>;
}

function AnswerButton({ label, title, maxYuan, write, send }: AnswerButtonProps) {
  const m = useDisputeWords();
  const { kit } = useWords();
  const { message } = App.useApp();
  const [isOpen, setOpen] = useState(false);
  const submit = (answer: Answer): void => {
    void send(answer).then(
      () => {
        setOpen(false);
        void message.success(m.done);
      },
      // The dialog shows it.
      () => undefined,
    );
  };
  return (
    <>
      <Button size="large" danger={maxYuan === undefined} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Modal open={isOpen} title={title} footer={null} width={480} destroyOnHidden onCancel={() => setOpen(false)}>
        <Form<Answer>
          layout="vertical"
          requiredMark={false}
          initialValues={maxYuan === undefined ? {} : { yuan: maxYuan }}
          onFinish={submit}
        >
          {maxYuan !== undefined && (
            <Form.Item name="yuan" label={m.amount} rules={[{ required: true, message: kit.requiredField }]}>
              <InputNumber min={0.01} max={maxYuan} precision={2} style={{ width: '100%' }} />
            </Form.Item>
          )}
          <Form.Item name="note" label={m.why} rules={[{ required: true, min: 2, message: kit.requiredField }]}>
            <Input.TextArea rows={3} maxLength={noteMax} />
          </Form.Item>
          <ProblemNotice error={write.error} />
          <Button type="primary" size="large" htmlType="submit" loading={write.isPending} block>
            {label}
          </Button>
        </Form>
      </Modal>
    </>
  );
}
