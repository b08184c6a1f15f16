import { App, Button, Form, Input, InputNumber, Modal, Select } from 'antd';
import { useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { clockText, homeZone } from '../../kit/format.ts';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { momentOf } from '../../kit/local-moment.ts';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useInventoryPageWords } from './page-words.ts';

const placements = ['gate', 'unit-door', 'lift'] as const;
const segments = ['all', 'families', 'commuters', 'elderly', 'night'] as const;
const products = ['touches', 'share', 'ten-people'] as const;
const halfHours = Array.from({ length: 48 }, (_, i) => i * 30);
const fenPerYuan = 100;

interface Line {
  readonly placement?: (typeof placements)[number];
  readonly segment?: (typeof segments)[number];
  readonly product?: (typeof products)[number];
  readonly weekdays?: number[];
  readonly fromMinute?: number;
  readonly toMinute?: number;
  readonly yuan: number;
  readonly validFrom?: string;
}

/** A further price, of the network or of one community. What is left out holds for any. */
export function AddLine({ communityId }: { readonly communityId: string | null }) {
  const m = useInventoryPageWords();
  const [isOpen, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  return (
    <>
      <Button type="primary" size="large" onClick={() => setOpen(true)}>
        {m.addLine}
      </Button>
      <Modal open={isOpen} title={m.addLine} footer={null} width={520} destroyOnHidden onCancel={close}>
        <LineForm communityId={communityId} onDone={close} />
      </Modal>
    </>
  );
}

function LineForm({ communityId, onDone }: { readonly communityId: string | null; readonly onDone: () => void }) {
  const m = useInventoryPageWords();
  const { kit } = useWords();
  const { message } = App.useApp();
  const add = useWrite('POST /v1/rate-lines', ['GET /v1/rate-lines', 'GET /v1/rate-card']);
  const submit = ({ yuan, validFrom, weekdays, ...line }: Line): void => {
    const from = validFrom ? momentOf(`${validFrom}T00:00`, homeZone) : null;
    const touchPriceFen = Math.round(yuan * fenPerYuan);
    const days = weekdays?.length ? { weekdays } : {};
    add.mutate(
      { body: { ...line, ...days, communityId, touchPriceFen, ...(from !== null && { validFrom: from }) } },
      {
        onSuccess: () => {
          void message.success(m.saved);
          onDone();
        },
      },
    );
  };
  const hours = halfHours.map((value) => ({ value, label: clockText(value) }));
  const choice = (values: readonly string[], words: Readonly<Record<string, string>>) =>
    values.map((value) => ({ value, label: words[value] ?? value }));
  return (
    <Form<Line> name="rate-line" layout="vertical" size="large" requiredMark={false} onFinish={submit}>
      <Form.Item name="yuan" label={m.price} rules={[{ required: true, message: kit.requiredField }]}>
        <InputNumber className="whole-width" prefix="¥" min={0} max={1_000} precision={2} step={0.05} />
      </Form.Item>
      <Form.Item name="placement" label={m.placementLabel}>
        <Select allowClear placeholder={m.any} options={choice(placements, m.placement)} />
      </Form.Item>
      <Form.Item name="product" label={m.product}>
        <Select allowClear placeholder={m.any} options={choice(products, m.products)} />
      </Form.Item>
      <Form.Item name="segment" label={m.segment}>
        <Select allowClear placeholder={m.any} options={choice(segments, m.segments)} />
      </Form.Item>
      <Form.Item name="weekdays" label={m.weekdaysLabel}>
        <Select
          mode="multiple"
          allowClear
          placeholder={m.everyDay}
          options={m.weekdays.map((label, i) => ({ value: i + 1, label }))}
        />
      </Form.Item>
      <div className="decision-pair">
        <Form.Item name="fromMinute" label={m.fromHour} extra={m.hourHint}>
          <Select allowClear showSearch={{ optionFilterProp: 'label' }} options={hours} />
        </Form.Item>
        <Form.Item name="toMinute" label={m.toHour}>
          <Select
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            options={[...hours, { value: 1_440, label: clockText(1_440) }]}
          />
        </Form.Item>
      </div>
      <Form.Item name="validFrom" label={m.validFromDay} extra={m.validFromHint}>
        <Input type="date" />
      </Form.Item>
      <div className="stack">
        <ProblemNotice error={add.error} />
        <Button type="primary" htmlType="submit" block loading={add.isPending}>
          {m.save}
        </Button>
      </div>
    </Form>
  );
}
