import { Checkbox, Radio } from 'antd';
import { Icon } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/zh.ts';
import { LineField, NumberField, SwitchField } from './fields.tsx';
import { hardwareDefault, timesItself, type Hardware, type HardwareOf } from './hardware-default.ts';
import { RelayTopics } from './relay-topics.tsx';

const kinds = ['osdp', 'modbus', 'mqtt'] as const;
const addressMax = 126;
const lineMax = 127;
const unitMax = 247;

interface HardwareFieldsProps<K extends Hardware['kind'] = Hardware['kind']> {
  readonly hardware: HardwareOf<K>;
  readonly onChange: (hardware: Hardware) => void;
}

/** What opens the door, and where its wires are. */
export function HardwareFields({ hardware, onChange }: HardwareFieldsProps) {
  const m = useMessages().doors.wiring;
  return (
    <fieldset className="wiring-group">
      <legend>{m.hardware}</legend>
      <Radio.Group
        className="wiring-kinds"
        size="large"
        value={hardware.kind}
        aria-label={m.hardware}
        options={kinds.map((kind) => ({ value: kind, label: m.kinds[kind] }))}
        onChange={(event) => onChange(hardwareDefault[event.target.value as Hardware['kind']])}
      />
      <p className="hint">{m.kindHints[hardware.kind]}</p>
      {hardware.kind === 'osdp' && <OsdpFields hardware={hardware} onChange={onChange} />}
      {hardware.kind === 'modbus' && <ModbusFields hardware={hardware} onChange={onChange} />}
      {hardware.kind === 'mqtt' && <RelayTopics relay={hardware} onChange={onChange} />}
      {hardware.kind !== 'osdp' && !timesItself(hardware) && <UntimedRelay hardware={hardware} onChange={onChange} />}
    </fieldset>
  );
}

function OsdpFields({ hardware, onChange }: HardwareFieldsProps<'osdp'>) {
  const m = useMessages().doors.wiring;
  return (
    <div className="wiring-grid">
      <NumberField
        label={m.address}
        value={hardware.address}
        max={addressMax}
        onChange={(address) => onChange({ ...hardware, address })}
      />
      <NumberField
        label={m.lockOutput}
        hint={m.fromZero}
        value={hardware.lockOutput}
        max={lineMax}
        onChange={(lockOutput) => onChange({ ...hardware, lockOutput })}
      />
      <InputFields hardware={hardware} onChange={onChange} />
    </div>
  );
}

function ModbusFields({ hardware, onChange }: HardwareFieldsProps<'modbus'>) {
  const m = useMessages().doors.wiring;
  return (
    <>
      <div className="wiring-grid">
        <NumberField
          label={m.unit}
          value={hardware.unit}
          min={1}
          max={unitMax}
          onChange={(unit) => onChange({ ...hardware, unit })}
        />
        <NumberField
          label={m.lockRelay}
          hint={m.fromZero}
          value={hardware.lockRelay}
          max={lineMax}
          onChange={(lockRelay) => onChange({ ...hardware, lockRelay })}
        />
        <InputFields hardware={hardware} onChange={onChange} />
      </div>
      <SwitchField
        label={m.flashOn}
        hint={m.flashOnHint}
        checked={hardware.flashOn}
        onChange={(flashOn) => onChange({ ...hardware, flashOn, untimedRelay: false })}
      />
    </>
  );
}

function InputFields({ hardware, onChange }: HardwareFieldsProps<'osdp' | 'modbus'>) {
  const m = useMessages().doors.wiring;
  return (['contactInput', 'exitInput', 'fireInput'] as const).map((name) => (
    <LineField
      key={name}
      label={m[name]}
      none={m.noWire}
      value={hardware[name]}
      onChange={(input) => onChange({ ...hardware, [name]: input })}
    />
  ));
}

function UntimedRelay({ hardware, onChange }: HardwareFieldsProps<'modbus' | 'mqtt'>) {
  const m = useMessages().doors.wiring;
  return (
    <div className="notice is-warn untimed-relay">
      <Icon name="alert" />
      <div>
        <p>{m.untimedWarning}</p>
        <Checkbox
          checked={hardware.untimedRelay}
          onChange={(event) => onChange({ ...hardware, untimedRelay: event.target.checked })}
        >
          {m.untimed}
        </Checkbox>
      </div>
    </div>
  );
}
