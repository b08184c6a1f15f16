import { Button } from 'antd';
import type { DoorSetup } from '@gatecast/cloud-api/client';
import { Icon } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/zh.ts';
import { NumberField, SwitchField } from './fields.tsx';
import { RemoveButton } from './reader-list.tsx';

type Lift = NonNullable<DoorSetup['lift']>;

const floorsMax = 64;
const floorMin = -9;
const floorMax = 199;
const outputMax = 127;
const liftDefault: Lift = { floors: [], releaseMs: 10_000 };

interface LiftFloorsProps {
  readonly lift: Lift | null;
  readonly onChange: (lift: Lift | null) => void;
}

/** Which relay lies in series with which floor's button. */
export function LiftFloors({ lift, onChange }: LiftFloorsProps) {
  const m = useMessages().doors.wiring;
  return (
    <fieldset className="wiring-group">
      <legend>{m.lift}</legend>
      <SwitchField
        label={m.hasLift}
        hint={m.liftHint}
        checked={lift !== null}
        onChange={(on) => onChange(on ? liftDefault : null)}
      >
        {lift && <Floors lift={lift} onChange={onChange} />}
      </SwitchField>
    </fieldset>
  );
}

function Floors({ lift, onChange }: { readonly lift: Lift; readonly onChange: (lift: Lift) => void }) {
  const m = useMessages().doors.wiring;
  const { floors } = lift;
  const change = (index: number, part: Partial<Lift['floors'][number]>): void =>
    onChange({ ...lift, floors: floors.map((each, at) => (at === index ? { ...each, ...part } : each)) });
  const add = (): void => {
    const last = floors.at(-1);
    const next = { floor: (last?.floor ?? 0) + 1, relay: (last?.relay ?? 0) + 1 };
    onChange({ ...lift, floors: [...floors, next] });
  };
  return (
    <>
      <NumberField
        label={m.releaseSeconds}
        value={lift.releaseMs / 1_000}
        min={0.5}
        max={30}
        step={0.5}
        onChange={(seconds) => onChange({ ...lift, releaseMs: Math.round(seconds * 10) * 100 })}
      />
      {floors.map((each, index) => (
        // A floor's number may be in the middle of being changed, so it names no row.
        <div key={index} className="wiring-row is-floor">
          <NumberField
            label={m.floor}
            value={each.floor}
            min={floorMin}
            max={floorMax}
            onChange={(floor) => change(index, { floor })}
          />
          <NumberField
            label={m.relay}
            value={each.relay}
            max={outputMax}
            onChange={(relay) => change(index, { relay })}
          />
          <RemoveButton
            label={m.removeFloor(each.floor)}
            onClick={() => onChange({ ...lift, floors: floors.filter((_, at) => at !== index) })}
          />
        </div>
      ))}
      <Button size="large" icon={<Icon name="plus" />} disabled={floors.length >= floorsMax} onClick={add}>
        {m.addFloor}
      </Button>
    </>
  );
}
