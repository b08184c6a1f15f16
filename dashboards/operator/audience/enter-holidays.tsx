import type { HolidayYear } from '@gatecast/cloud-api/client';
import { App, Button, Form, Input, Modal } from 'antd';
import { useWrite } from '../../kit/api/api-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { inRuns, probableName, type Holiday } from './holiday-runs.ts';
import { useHolidayWords } from './holiday-words.ts';

const holidaysMax = 15;
const workedMax = 20;
const sourceMax = 300;
/** The seven of every notice since 2014, to be filled with dates. */
const usual = 7;

interface Entry {
  readonly holidays: readonly Holiday[];
  readonly workedWeekends?: readonly string[];
  readonly source: string;
}

interface EnterHolidaysProps {
  readonly year: HolidayYear;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** The notice, line by line as it is printed. */
export function EnterHolidays({ year, isOpen, onClose }: EnterHolidaysProps) {
  const m = useHolidayWords();
  return (
    <Modal
      open={isOpen}
      title={m.formTitle(String(year.year))}
      footer={null}
      width={720}
      destroyOnHidden
      onCancel={onClose}
    >
      <NoticeForm year={year} onDone={onClose} />
    </Modal>
  );
}

function NoticeForm({ year: { year, version, ...known }, onDone }: { year: HolidayYear; onDone: () => void }) {
  const m = useHolidayWords();
  const { message } = App.useApp();
  const write = useWrite('POST /v1/audience/holidays', ['GET /v1/audience/holidays', 'GET /v1/audience/forecast']);
  const empty = m.usual.slice(0, usual).map((name) => ({ name, from: '', to: '' }));
  // Of a year without a notice only the fixed days are known, which would be taken for all of them.
  const isCorrected = version > 0 || known.isWhole;
  const initial: Entry = {
    holidays: isCorrected
      ? inRuns(known.holidays).map((one) => ({ ...one, name: one.name || probableName(one, m.usual) }))
      : empty,
    workedWeekends: isCorrected ? known.workedWeekends : [],
    source: known.source ?? '',
  };
  const submit = ({ holidays, workedWeekends = [], source }: Entry): void =>
    write.mutate(
      { body: { year, holidays: [...holidays], workedWeekends: [...workedWeekends], source } },
      {
        onSuccess: () => {
          void message.success(m.saved);
          onDone();
        },
      },
    );
  return (
    <Form<Entry> layout="vertical" size="large" initialValues={initial} requiredMark={false} onFinish={submit}>
      <p className="soft">{m.formHint}</p>
      <h3 className="holiday-part">{m.rest}</h3>
      <HolidayRows />
      <h3 className="holiday-part">{m.worked}</h3>
      <WorkedRows />
      <Form.Item
        name="source"
        label={m.source}
        rules={[{ required: true, min: 4, max: sourceMax, message: m.sourceMissing }]}
      >
        <Input maxLength={sourceMax} placeholder={m.sourcePlaceholder} />
      </Form.Item>
      <ProblemNotice error={write.error} />
      <Button type="primary" size="large" htmlType="submit" loading={write.isPending}>
        {m.save}
      </Button>
    </Form>
  );
}

function RemoveRow({ onClick }: { readonly onClick: () => void }) {
  const m = useHolidayWords();
  return <Button type="text" icon={<Icon name="cross" />} aria-label={m.remove} title={m.remove} onClick={onClick} />;
}

function HolidayRows() {
  const m = useHolidayWords();
  const rules = [{ required: true, message: m.fillIn }];
  return (
    <Form.List name="holidays">
      {(rows, { add, remove }) => (
        <>
          {rows.map(({ key, name }) => (
            <div key={key} className="holiday-row">
              <Form.Item name={[name, 'name']} rules={rules}>
                <Input aria-label={m.name} placeholder={m.name} maxLength={20} />
              </Form.Item>
              <Form.Item name={[name, 'from']} rules={rules}>
                <Input type="date" aria-label={m.from} />
              </Form.Item>
              <span className="holiday-to" aria-hidden="true">
                –
              </span>
              <Form.Item name={[name, 'to']} rules={rules}>
                <Input type="date" aria-label={m.to} />
              </Form.Item>
              <RemoveRow onClick={() => remove(name)} />
            </div>
          ))}
          <Button disabled={rows.length >= holidaysMax} onClick={() => add({ name: '', from: '', to: '' })}>
            {m.addHoliday}
          </Button>
        </>
      )}
    </Form.List>
  );
}

function WorkedRows() {
  const m = useHolidayWords();
  return (
    <Form.List name="workedWeekends">
      {(rows, { add, remove }) => (
        <div className="stack">
          {rows.map(({ key, name }) => (
            <div key={key} className="worked-row">
              <Form.Item name={name} rules={[{ required: true, message: m.fillIn }]}>
                <Input type="date" aria-label={m.worked} />
              </Form.Item>
              <RemoveRow onClick={() => remove(name)} />
            </div>
          ))}
          <div>
            <Button disabled={rows.length >= workedMax} onClick={() => add('')}>
              {m.addWorked}
            </Button>
          </div>
        </div>
      )}
    </Form.List>
  );
}
