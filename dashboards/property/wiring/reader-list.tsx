import { Button, Radio } from 'antd';
import type { DoorSetup } from '@gatecast/cloud-api/client';
import { Icon } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/zh.ts';
import { NumberField } from './fields.tsx';

type Reader = DoorSetup['readers'][number];

const readersMax = 4;
const addressMax = 126;
const readerNoMax = 7;

interface ReaderListProps {
  readonly readers: readonly Reader[];
  readonly onChange: (readers: Reader[]) => void;
}

/** The readers at both sides of the door. */
export function ReaderList({ readers, onChange }: ReaderListProps) {
  const m = useMessages().doors.wiring;
  const change = (index: number, reader: Partial<Reader>): void =>
    onChange(readers.map((each, at) => (at === index ? { ...each, ...reader } : each)));
  return (
    <fieldset className="wiring-group">
      <legend>{m.readers}</legend>
      <p className="hint">{m.readersHint}</p>
      {readers.map((reader, index) => (
        // An address may be in the middle of being changed, so it names no row.
        <div key={index} className="wiring-row">
          <NumberField
            label={m.address}
            value={reader.address}
            max={addressMax}
            onChange={(address) => change(index, { address })}
          />
          <NumberField
            label={m.readerNo}
            value={reader.reader}
            max={readerNoMax}
            onChange={(readerNo) => change(index, { reader: readerNo })}
          />
          <fieldset className="field">
            <legend>{m.side}</legend>
            <Radio.Group
              size="large"
              optionType="button"
              value={reader.side}
              options={(['entry', 'exit'] as const).map((side) => ({ value: side, label: m.sides[side] }))}
              onChange={(event) => change(index, { side: event.target.value as Reader['side'] })}
            />
          </fieldset>
          <RemoveButton
            label={m.removeReader(reader.address)}
            onClick={() => onChange(readers.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button
        size="large"
        icon={<Icon name="plus" />}
        disabled={readers.length >= readersMax}
        onClick={() => onChange([...readers, nextReader(readers)])}
      >
        {m.addReader}
      </Button>
    </fieldset>
  );
}

/** At the first address that is free; the second reader of a door is mostly the one on the way out. */
function nextReader(readers: readonly Reader[]): Reader {
  const address = Array.from({ length: readersMax + 1 }, (_, n) => n).find(
    (n) => !readers.some((reader) => reader.address === n),
  );
  return { address: address ?? 0, reader: 0, side: readers.some(({ side }) => side === 'entry') ? 'exit' : 'entry' };
}

export function RemoveButton({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <button type="button" className="wiring-remove" aria-label={label} title={label} onClick={onClick}>
      <Icon name="cross" />
    </button>
  );
}
