import { App, Button, Form, Input, InputNumber, Modal, Select } from 'antd';
import { useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { dayText } from '../../kit/local-moment.ts';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useAccountWords } from './account-words.ts';

const fenPerYuan = 100;
const minuteMs = 60_000;

interface Paid {
  readonly party: 'owners' | 'management';
  readonly yuan: number;
  readonly paidOn: string;
}

/** Notes that money was handed over, with the bank's receipt. */
export function RecordPayout({ communityId }: { readonly communityId: string }) {
  const m = useAccountWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button type="primary" size="large" onClick={() => setOpen(true)}>
        {m.record}
      </Button>
      <Modal open={isOpen} title={m.record} footer={null} width={480} destroyOnHidden onCancel={() => setOpen(false)}>
        <PayoutForm communityId={communityId} onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function PayoutForm({ communityId, onDone }: { readonly communityId: string; readonly onDone: () => void }) {
  const m = useAccountWords();
  const { kit } = useWords();
  const { message } = App.useApp();
  const today = dayText(useNow(minuteMs), homeZone);
  const [file, setFile] = useState<File | null>(null);
  const [isAsked, setAsked] = useState(false);
  const record = useWrite('POST /v1/communities/:id/ad-payouts', ['GET /v1/communities/:id/ad-income']);
  const submit = ({ party, yuan, paidOn }: Paid): void => {
    setAsked(true);
    if (file === null) return;
    const query = { party, paidOn, amountFen: String(Math.round(yuan * fenPerYuan)) };
    record.mutate(
      { params: { id: communityId }, query, body: file },
      {
        onSuccess: () => {
          void message.success(m.recorded);
          onDone();
        },
      },
    );
  };
  const required = [{ required: true, message: kit.requiredField }];
  return (
    <Form<Paid>
      layout="vertical"
      requiredMark={false}
      initialValues={{ party: 'owners', paidOn: today }}
      onFinish={submit}
    >
      <Form.Item name="party" label={m.party} rules={required}>
        <Select options={(['owners', 'management'] as const).map((value) => ({ value, label: m.parties[value] }))} />
      </Form.Item>
      <Form.Item name="yuan" label={m.amount} rules={required}>
        <InputNumber min={0.01} precision={2} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item name="paidOn" label={m.paidOn} rules={required}>
        <Input type="date" max={today} />
      </Form.Item>
      <div className="field">
        <label htmlFor="payout-file">{m.file}</label>
        <input
          id="payout-file"
          type="file"
          accept="image/jpeg,image/png,application/pdf"
          onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
        />
        {isAsked && file === null && (
          <span className="fault" role="alert">
            {m.fileMissing}
          </span>
        )}
      </div>
      <ProblemNotice error={record.error} />
      <Button type="primary" size="large" htmlType="submit" loading={record.isPending} block>
        {m.record}
      </Button>
    </Form>
  );
}
