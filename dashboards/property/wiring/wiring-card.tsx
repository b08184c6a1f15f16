import { Button } from 'antd';
import type { DoorSetup, Terminal } from '@gatecast/cloud-api/client';
import { useState, type FormEvent } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { NumberField, SwitchField } from './fields.tsx';
import { HardwareFields } from './hardware-fields.tsx';
import { LiftFloors } from './lift-floors.tsx';
import { ReaderList } from './reader-list.tsx';
import { ReaderWires } from './reader-wires.tsx';
import './wiring.css';

type Wiring = Pick<DoorSetup, 'hardware' | 'readers' | 'lift' | 'bounceMs' | 'antiPassback'>;

const bounceMsMax = 1_000;

/** How the door is built. Folded away: a manager needs it on the day of the installation, and hardly ever again. */
export function WiringCard({ terminal }: { readonly terminal: Terminal }) {
  const m = useMessages().doors.wiring;
  return (
    <details className="card wiring">
      <summary>
        <Icon name="forward" size={22} />
        <span>
          <b>{m.title}</b>
          <span className="soft">{m.hint}</span>
        </span>
      </summary>
      <ReaderWires terminal={terminal} />
      <WiringForm terminal={terminal} />
    </details>
  );
}

function WiringForm({ terminal }: { readonly terminal: Terminal }) {
  const m = useMessages().doors.wiring;
  const [edited, setEdited] = useState<Wiring | null>(null);
  const save = useWrite('PATCH /v1/terminals/:id/config', ['GET /v1/terminals', 'GET /v1/terminals/:id']);
  const { hardware, readers, lift, bounceMs, antiPassback } = terminal.settings;
  const wiring = edited ?? { hardware, readers, lift, bounceMs, antiPassback };
  const edit = (change: Partial<Wiring>): void => setEdited({ ...wiring, ...change });
  const undo = (): void => {
    save.reset();
    setEdited(null);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate({ params: { id: terminal.id }, body: wiring }, { onSuccess: () => setEdited(null) });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <HardwareFields hardware={wiring.hardware} onChange={(next) => edit({ hardware: next })} />
      <ReaderList readers={wiring.readers} onChange={(next) => edit({ readers: next })} />
      <SwitchField
        label={m.antiPassback}
        hint={m.antiPassbackHint}
        checked={wiring.antiPassback}
        onChange={(next) => edit({ antiPassback: next })}
      />
      {terminal.placement === 'lift' && <LiftFloors lift={wiring.lift} onChange={(next) => edit({ lift: next })} />}
      <NumberField
        label={m.bounce}
        value={wiring.bounceMs}
        max={bounceMsMax}
        step={10}
        onChange={(next) => edit({ bounceMs: next })}
      />
      <ProblemNotice error={save.error} />
      {save.isSuccess && edited === null && <p className="notice is-good">{m.saved}</p>}
      <Button type="primary" htmlType="submit" size="large" disabled={edited === null} loading={save.isPending}>
        {m.save}
      </Button>
      {edited !== null && (
        <Button size="large" disabled={save.isPending} onClick={undo}>
          {m.undo}
        </Button>
      )}
    </form>
  );
}
