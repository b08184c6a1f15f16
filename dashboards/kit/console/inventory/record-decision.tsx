import { App, Button, Checkbox, Form, Input, InputNumber, Modal, Select } from 'antd';
import { useState } from 'react';
import { useRead, useWrite } from '../../api/api-context.tsx';
import { useCategoryWords } from '../../content/category-words.ts';
import { spansOf } from '../../day-spans.ts';
import { useWords } from '../../i18n/language-context.tsx';
import { dayText } from '../../local-moment.ts';
import { ProblemNotice } from '../../ui/states.tsx';
import { useNow } from '../../use-now.ts';
import { useInventoryWords } from './inventory-words.ts';
import './inventory.css';

const placements = ['gate', 'unit-door', 'lift'] as const;
const documentBytesMax = 10 * 1024 * 1024;
const spansMax = 6;
const ppmOfPercent = 10_000;
const minuteMs = 60_000;

interface Terms {
  readonly title: string;
  readonly decidedOn: string;
  readonly lastDay: string;
  readonly placements: readonly string[];
  readonly hours?: string;
  readonly excluded?: readonly string[];
  readonly owners: number;
  readonly management: number;
}
interface Place {
  readonly id: string;
  readonly zone: string;
}

/** A button that opens the form for a decision and its document. */
export function RecordDecision({ community, isFirst }: { readonly community: Place; readonly isFirst: boolean }) {
  const m = useInventoryWords();
  const [isOpen, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  return (
    <>
      <Button type="primary" size="large" onClick={() => setOpen(true)}>
        {isFirst ? m.record : m.recordAnother}
      </Button>
      <Modal open={isOpen} title={m.record} footer={null} width={620} destroyOnHidden onCancel={close}>
        <DecisionForm community={community} onDone={close} />
      </Modal>
    </>
  );
}

function DecisionForm({ community, onDone }: { readonly community: Place; readonly onDone: () => void }) {
  const m = useInventoryWords();
  const { kit } = useWords();
  const { message } = App.useApp();
  const today = dayText(useNow(minuteMs), community.zone);
  const [file, setFile] = useState<File | null>(null);
  const [isAsked, setAsked] = useState(false);
  const record = useWrite('POST /v1/owner-decisions', ['GET /v1/owner-decisions', 'GET /v1/communities/:id/selling']);
  const fileFault =
    file === null ? (isAsked ? m.form.fileMissing : null) : file.size > documentBytesMax ? m.form.fileTooLarge : null;
  const submit = ({ title, decidedOn, lastDay, ...terms }: Terms): void => {
    setAsked(true);
    if (file === null || file.size > documentBytesMax) return;
    const query = {
      communityId: community.id,
      title: title.trim(),
      decidedOn,
      lastDay,
      placements: terms.placements.join(','),
      hours: (spansOf(terms.hours ?? '') ?? []).map((span) => `${span.fromMinute}-${span.toMinute}`).join(','),
      excluded: (terms.excluded ?? []).join(','),
      ownersSharePpm: String(Math.round(terms.owners * ppmOfPercent)),
      managementPpm: String(Math.round(terms.management * ppmOfPercent)),
    };
    record.mutate(
      { query, body: file },
      {
        onSuccess: ({ status }) => {
          void message.success(status === 'in-force' ? m.form.recordedInForce : m.form.recorded);
          onDone();
        },
      },
    );
  };
  const required = [{ required: true, message: kit.requiredField }];
  const isDate = (check: (day: string) => boolean) => ({
    validator: (_rule: unknown, day: string) =>
      !day || check(day) ? Promise.resolve() : Promise.reject(new Error(m.form.datesWrong)),
  });
  return (
    <Form<Terms>
      name="owner-decision"
      layout="vertical"
      size="large"
      requiredMark={false}
      initialValues={{ placements: [...placements], owners: 70, management: 10 }}
      onFinish={submit}
      onFinishFailed={() => setAsked(true)}
    >
      <Form.Item name="title" label={m.form.name} rules={required}>
        <Input maxLength={120} placeholder={m.form.namePlaceholder} />
      </Form.Item>
      <div className="decision-pair">
        <Form.Item name="decidedOn" label={m.form.decidedOn} rules={[...required, isDate((day) => day <= today)]}>
          <Input type="date" max={today} />
        </Form.Item>
        <Form.Item name="lastDay" label={m.form.lastDay} rules={[...required, isDate((day) => day >= today)]}>
          <Input type="date" min={today} />
        </Form.Item>
      </div>
      <Form.Item name="placements" label={m.places} rules={[atLeastOne(kit.requiredField)]}>
        <Checkbox.Group options={placements.map((value) => ({ value, label: m.placement[value] ?? value }))} />
      </Form.Item>
      <Form.Item
        name="hours"
        label={m.hours}
        extra={m.form.hoursHint}
        rules={[
          {
            validator: (_rule, text: string) =>
              isAtHalfHours(text) ? Promise.resolve() : Promise.reject(new Error(m.form.hoursWrong)),
          },
        ]}
      >
        <Input maxLength={120} autoComplete="off" placeholder="07:00-22:00" />
      </Form.Item>
      <Excluded />
      <div className="decision-pair">
        <Form.Item name="management" label={m.form.management} rules={required}>
          <InputNumber min={0} max={100} precision={1} />
        </Form.Item>
        <Form.Item name="owners" label={m.form.owners} rules={required} extra={m.form.shareHint}>
          <InputNumber min={0} max={100} precision={1} />
        </Form.Item>
      </div>
      <DocumentField fault={fileFault} onChoose={setFile} />
      <div className="stack">
        <ProblemNotice error={record.error} />
        <Button type="primary" htmlType="submit" block loading={record.isPending}>
          {m.form.submit}
        </Button>
      </div>
    </Form>
  );
}

/** `required` would put an attribute on the group that its role does not know. */
const atLeastOne = (words: string) => ({
  validator: (_rule: unknown, chosen: readonly string[]) =>
    chosen.length > 0 ? Promise.resolve() : Promise.reject(new Error(words)),
});

function isAtHalfHours(text: string | undefined): boolean {
  const spans = spansOf(text ?? '');
  if (!spans || spans.length > spansMax) return false;
  return spans.every(({ fromMinute, toMinute }) => fromMinute % 30 === 0 && toMinute % 30 === 0);
}

function Excluded() {
  const m = useInventoryWords();
  const { categories } = useCategoryWords();
  const known = useRead('GET /v1/clip-categories', {});
  const offered = known.data?.items.filter(({ standing }) => standing !== 'banned') ?? [];
  return (
    <Form.Item name="excluded" label={m.excluded} extra={m.form.excludedHint}>
      <Select
        mode="multiple"
        allowClear
        loading={known.isLoading}
        options={offered.map(({ category }) => ({ value: category, label: categories[category] ?? category }))}
      />
    </Form.Item>
  );
}

function DocumentField({
  fault,
  onChoose,
}: {
  readonly fault: string | null;
  readonly onChoose: (file: File | null) => void;
}) {
  const m = useInventoryWords();
  return (
    <Form.Item
      label={m.form.file}
      htmlFor="owner-decision-document"
      extra={m.form.fileHint}
      className="decision-file"
      {...(fault !== null && { validateStatus: 'error' as const, help: fault })}
    >
      <input
        id="owner-decision-document"
        type="file"
        accept="image/jpeg,image/png,application/pdf"
        onChange={(event) => onChoose(event.currentTarget.files?.[0] ?? null)}
      />
    </Form.Item>
  );
}
