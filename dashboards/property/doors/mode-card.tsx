import { Button } from 'antd';
import type { Terminal } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { ModeDialog } from './mode-dialog.tsx';
import './doors.css';

type Mode = Terminal['mode']['wanted'];

const lengths: Readonly<Record<Mode, { readonly minutes: readonly number[]; readonly usual: number }>> = {
  lockdown: { minutes: [60, 240, 720, 1_440], usual: 240 },
  'free-passage': { minutes: [30, 60, 120, 240, 480], usual: 60 },
  normal: { minutes: [60, 240, 720, 1_440], usual: 60 },
};

/** Who may pass now: lock the door down, hold it open, or let it be as usual. */
export function ModeCard({ terminal }: { readonly terminal: Terminal }) {
  const m = useMessages().doors.modes;
  const [asked, setAsked] = useState<Mode | null>(null);
  const set = useWrite('PUT /v1/terminals/:id/mode', ['GET /v1/terminals', 'GET /v1/terminals/:id']);
  const { wanted, override } = terminal.mode;
  const send = (mode: Mode, minutes?: number): void => {
    const body = { mode, ...(minutes !== undefined && { minutes }) };
    set.mutate({ params: { id: terminal.id }, body }, { onSuccess: () => setAsked(null) });
  };
  const ask = (mode: Mode): void => {
    set.reset();
    setAsked(mode);
  };
  const isOut = terminal.status !== 'active';
  return (
    <section className="card">
      <h2>{m.title}</h2>
      <div className="mode-buttons">
        <Button size="large" danger icon={<Icon name="lock" />} disabled={isOut} onClick={() => ask('lockdown')}>
          {m.lockdown}
        </Button>
        <Button size="large" icon={<Icon name="unlock" />} disabled={isOut} onClick={() => ask('free-passage')}>
          {m.freePassage}
        </Button>
        <Button
          size="large"
          icon={<Icon name="check" />}
          disabled={isOut || (wanted === 'normal' && override === null)}
          loading={set.isPending && asked === null}
          onClick={() => (override === null ? ask('normal') : send('normal'))}
        >
          {override?.mode === 'normal' ? m.resume : m.normal}
        </Button>
      </div>
      {asked === null && <ProblemNotice error={set.error} />}
      {asked !== null && (
        <AskMode
          mode={asked}
          door={terminal.entranceName}
          busy={set.isPending}
          error={set.error}
          onConfirm={(minutes) => send(asked, minutes)}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  );
}

interface AskModeProps {
  readonly mode: Mode;
  readonly door: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onConfirm: (minutes: number) => void;
  readonly onClose: () => void;
}

function AskMode({ mode, door, ...dialog }: AskModeProps) {
  const m = useMessages().doors.modes;
  const words = {
    lockdown: { title: m.lockdownTitle(door), facts: m.lockdownFacts, confirm: m.confirmLockdown },
    'free-passage': { title: m.freeTitle(door), facts: m.freeFacts, confirm: m.confirmFree },
    normal: { title: m.pauseTitle(door), facts: m.pauseFacts, confirm: m.confirmPause },
  }[mode];
  const { minutes, usual } = lengths[mode];
  return <ModeDialog {...dialog} {...words} minutes={minutes} usualMinutes={usual} danger={mode === 'lockdown'} />;
}
