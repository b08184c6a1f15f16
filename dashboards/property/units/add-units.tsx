import { App, Button, Input, InputNumber, Modal } from 'antd';
import { useId, useState, type FormEvent } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { flatNumbers, flatsMax, floorsIn } from './flat-numbers.ts';

interface AddUnitsProps {
  readonly communityId: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onMade: (building: string) => void;
}

export function AddUnits({ open, ...rest }: AddUnitsProps) {
  const m = useMessages().units.add;
  return (
    <Modal open={open} title={m.title} footer={null} width={560} destroyOnHidden onCancel={rest.onClose}>
      <AddUnitsForm {...rest} />
    </Modal>
  );
}

const floorMax = 99;
const flatMax = 99;
const usual = { fromFloor: 1, toFloor: 30, perFloor: 4, firstFlat: 1 };
type Numbers = typeof usual;

/** A whole building by its floors and the flats on each. */
function AddUnitsForm({ communityId, onClose, onMade }: Omit<AddUnitsProps, 'open'>) {
  const m = useMessages().units.add;
  const { message } = App.useApp();
  const id = useId();
  const [building, setBuilding] = useState('');
  const [plan, setPlan] = useState<Numbers>(usual);
  const [skip, setSkip] = useState('');
  const add = useWrite('POST /v1/communities/:id/units', [
    'GET /v1/communities/:id/units',
    'GET /v1/communities/:id/buildings',
  ]);
  const numbers = flatNumbers({ ...plan, skip: floorsIn(skip) });
  const tooMany = numbers.length > flatsMax;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const name = building.trim();
    add.mutate(
      { params: { id: communityId }, body: { building: name, numbers } },
      {
        onSuccess: ({ made, known }) => {
          void message.success(m.done(made, known));
          onClose();
          onMade(name);
        },
      },
    );
  };
  const number = (name: keyof Numbers, max: number) => (
    <div className="field">
      <label htmlFor={`${id}-${name}`}>{m[name]}</label>
      <InputNumber
        id={`${id}-${name}`}
        size="large"
        min={1}
        max={max}
        precision={0}
        value={plan[name]}
        onChange={(value) => setPlan({ ...plan, [name]: value ?? 1 })}
        style={{ width: '100%' }}
      />
    </div>
  );
  return (
    <form className="stack" onSubmit={submit}>
      <div className="field">
        <label htmlFor={`${id}-building`}>{m.building}</label>
        <Input
          id={`${id}-building`}
          size="large"
          required
          maxLength={20}
          value={building}
          onChange={(event) => setBuilding(event.currentTarget.value)}
        />
        <span className="hint">{m.buildingHint}</span>
      </div>
      <div className="plan-fields">
        {number('fromFloor', floorMax)}
        {number('toFloor', floorMax)}
        {number('perFloor', flatMax)}
        {number('firstFlat', flatMax)}
      </div>
      <div className="field">
        <label htmlFor={`${id}-skip`}>{m.skip}</label>
        <Input
          id={`${id}-skip`}
          size="large"
          maxLength={60}
          placeholder={m.skipHint}
          value={skip}
          onChange={(event) => setSkip(event.currentTarget.value)}
        />
      </div>
      <Preview numbers={numbers} tooMany={tooMany} />
      <ProblemNotice error={add.error} />
      <Button
        type="primary"
        size="large"
        htmlType="submit"
        disabled={numbers.length === 0 || tooMany}
        loading={add.isPending}
      >
        {m.create(numbers.length)}
      </Button>
    </form>
  );
}

function Preview({ numbers, tooMany }: { readonly numbers: readonly string[]; readonly tooMany: boolean }) {
  const m = useMessages().units.add;
  const [first, last] = [numbers[0], numbers.at(-1)];
  if (first === undefined || last === undefined) return <p className="notice is-warn">{m.previewNone}</p>;
  return (
    <output className={`notice ${tooMany ? 'is-bad' : ''}`}>
      <span>
        <b>{tooMany ? m.tooMany : m.preview(numbers.length, first, last)}</b>
      </span>
    </output>
  );
}
