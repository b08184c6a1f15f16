import { App, Button, InputNumber, Modal } from 'antd';
import type { Unit } from '@gatecast/cloud-api/client';
import { useId, useState, type FormEvent } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';

const floorMin = -9;
const floorMax = 199;

interface ChangeFloorProps {
  /** Whose floor; null: closed. */
  readonly unit: Unit | null;
  readonly onClose: () => void;
}

/** The floor that the lift releases for a flat, where its number does not tell it. */
export function ChangeFloor({ unit, onClose }: ChangeFloorProps) {
  const m = useMessages().units;
  return (
    <Modal
      open={unit !== null}
      title={unit && m.changeFloor(unit.number)}
      footer={null}
      width={420}
      destroyOnHidden
      onCancel={onClose}
    >
      {unit && <FloorForm unit={unit} onClose={onClose} />}
    </Modal>
  );
}

function FloorForm({ unit, onClose }: { readonly unit: Unit; readonly onClose: () => void }) {
  const { units: m, residents } = useMessages();
  const { message } = App.useApp();
  const id = useId();
  const [floor, setFloor] = useState<number | null>(unit.floor);
  const save = useWrite('PATCH /v1/units/:id', ['GET /v1/communities/:id/units', 'GET /v1/residents/:id']);
  const send = (next: number | null): void =>
    save.mutate(
      { params: { id: unit.id }, body: { floor: next } },
      {
        onSuccess: () => {
          void message.success(m.floorSaved);
          onClose();
        },
      },
    );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    send(floor);
  };
  return (
    <form className="stack" onSubmit={submit}>
      <div className="field">
        <label htmlFor={id}>{m.floor}</label>
        <InputNumber
          id={id}
          size="large"
          min={floorMin}
          max={floorMax}
          precision={0}
          value={floor}
          onChange={setFloor}
          style={{ width: '100%' }}
        />
        <span className="hint">{m.floorHint}</span>
      </div>
      <ProblemNotice error={save.error} />
      <div className="row dialog-actions">
        <Button size="large" disabled={save.isPending} onClick={() => send(null)}>
          {m.useAuto}
        </Button>
        <Button type="primary" size="large" htmlType="submit" loading={save.isPending}>
          {residents.save}
        </Button>
      </div>
    </form>
  );
}
