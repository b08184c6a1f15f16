import { Button, Checkbox, Input, InputNumber, Radio } from 'antd';
import type { Community } from '@gatecast/cloud-api/client';
import { useId, useState, type FormEvent } from 'react';
import { useApi, useRead } from '../../kit/api/api-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { localText, momentOf, quickWindow, type PassWindow, type Until } from './pass-window.ts';

interface PassWish extends PassWindow {
  readonly label: string;
  readonly uses: number | null;
  readonly entranceIds: string[] | null;
}

interface PassFormProps {
  readonly community: Community;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: (pass: PassWish) => void;
}

const customSpanMs = 24 * 3_600_000;

export function PassForm({ community, busy, error, onSubmit }: PassFormProps) {
  const m = useMessages().passes;
  const { zone } = community;
  const { clock } = useApi();
  const id = useId();
  const [label, setLabel] = useState('');
  const [until, setUntil] = useState<Until>('two-hours');
  const [custom, setCustom] = useState(() => ({
    from: localText(clock.now(), zone),
    to: localText(clock.now() + customSpanMs, zone),
  }));
  const [uses, setUses] = useState<number | null>(null);
  const [entranceIds, setEntranceIds] = useState<string[] | null>(null);
  const [fault, setFault] = useState<string | null>(null);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const window = until === 'custom' ? customWindow(custom, zone) : quickWindow(until, clock.now(), zone);
    if (!window) return setFault(m.endAfterStart);
    if (entranceIds?.length === 0) return setFault(m.pickDoor);
    setFault(null);
    onSubmit({ label, uses, entranceIds, ...window });
  };

  return (
    <form className="stack" onSubmit={submit}>
      <div className="field">
        <label htmlFor={`${id}-label`}>{m.label}</label>
        <Input
          id={`${id}-label`}
          size="large"
          required
          maxLength={60}
          placeholder={m.labelPlaceholder}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
      </div>
      <fieldset className="field">
        <legend>{m.until}</legend>
        <Radio.Group
          size="large"
          optionType="button"
          buttonStyle="solid"
          value={until}
          onChange={(event) => setUntil(event.target.value as Until)}
        >
          <Radio.Button value="two-hours">{m.twoHours}</Radio.Button>
          <Radio.Button value="today">{m.today}</Radio.Button>
          <Radio.Button value="custom">{m.custom}</Radio.Button>
        </Radio.Group>
        {until === 'custom' && <CustomWindow value={custom} onChange={setCustom} />}
      </fieldset>
      <HowOften uses={uses} onChange={setUses} />
      <WhichDoors communityId={community.id} chosen={entranceIds} onChange={setEntranceIds} />
      {fault && (
        <p className="notice is-bad" role="alert">
          {fault}
        </p>
      )}
      <ProblemNotice error={error} />
      <Button type="primary" size="large" htmlType="submit" loading={busy}>
        {busy ? m.creating : m.create}
      </Button>
    </form>
  );
}

function customWindow(text: { from: string; to: string }, zone: string): PassWindow | null {
  const from = momentOf(text.from, zone);
  const to = momentOf(text.to, zone);
  return from !== null && to !== null && to > from ? { from, to } : null;
}

interface CustomWindowProps {
  readonly value: { from: string; to: string };
  readonly onChange: (value: { from: string; to: string }) => void;
}

function CustomWindow({ value, onChange }: CustomWindowProps) {
  const m = useMessages().passes;
  const id = useId();
  const end = (name: 'from' | 'to', label: string) => (
    <div className="field">
      <label htmlFor={`${id}-${name}`}>{label}</label>
      <Input
        id={`${id}-${name}`}
        type="datetime-local"
        size="large"
        required
        value={value[name]}
        onChange={(event) => onChange({ ...value, [name]: event.currentTarget.value })}
      />
    </div>
  );
  return (
    <div className="row">
      {end('from', m.customFrom)}
      {end('to', m.customTo)}
    </div>
  );
}

const usualUses = 3;

function HowOften({
  uses,
  onChange,
}: {
  readonly uses: number | null;
  readonly onChange: (uses: number | null) => void;
}) {
  const m = useMessages().passes;
  const [choosing, setChoosing] = useState(false);
  const choice = choosing ? 'some' : uses === null ? 'any' : 'once';
  const choose = (next: unknown): void => {
    setChoosing(next === 'some');
    onChange(next === 'any' ? null : next === 'once' ? 1 : usualUses);
  };
  return (
    <fieldset className="field">
      <legend>{m.howOften}</legend>
      <div className="row">
        <Radio.Group
          size="large"
          optionType="button"
          buttonStyle="solid"
          value={choice}
          onChange={(event) => choose(event.target.value)}
        >
          <Radio.Button value="any">{m.unlimited}</Radio.Button>
          <Radio.Button value="once">{m.once}</Radio.Button>
          <Radio.Button value="some">{m.custom}</Radio.Button>
        </Radio.Group>
        {choosing && (
          <InputNumber
            size="large"
            aria-label={m.howOften}
            min={1}
            max={1_000}
            value={uses}
            onChange={(next) => onChange(next ?? 1)}
          />
        )}
      </div>
    </fieldset>
  );
}

const entrancesShownMax = 200;

interface WhichDoorsProps {
  readonly communityId: string;
  /** Null: all of them, those to come included. */
  readonly chosen: string[] | null;
  readonly onChange: (chosen: string[] | null) => void;
}

function WhichDoors({ communityId, chosen, onChange }: WhichDoorsProps) {
  const m = useMessages().passes;
  const { data } = useRead('GET /v1/communities/:id/entrances', {
    params: { id: communityId },
    query: { limit: entrancesShownMax },
  });
  return (
    <fieldset className="field">
      <legend>{m.which}</legend>
      <Radio.Group
        size="large"
        optionType="button"
        buttonStyle="solid"
        value={chosen === null ? 'all' : 'some'}
        onChange={(event) => onChange(event.target.value === 'all' ? null : [])}
      >
        <Radio.Button value="all">{m.allDoors}</Radio.Button>
        <Radio.Button value="some">{m.someDoors}</Radio.Button>
      </Radio.Group>
      {chosen && (
        <Checkbox.Group
          value={chosen}
          options={data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          onChange={onChange}
        />
      )}
    </fieldset>
  );
}
