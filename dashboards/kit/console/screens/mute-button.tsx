import { App, Button, Modal } from 'antd';
import { useState } from 'react';
import { useWrite } from '../../api/api-context.tsx';
import { useWords } from '../../i18n/language-context.tsx';
import { problemSentence } from '../../i18n/problem-sentence.ts';
import { Icon } from '../../ui/icon.tsx';
import { ProblemNotice } from '../../ui/states.tsx';
import { useScreenWords } from './screen-words.ts';

interface MuteButtonProps {
  readonly terminalId: string;
  readonly name: string;
  readonly mutedUntil: number | null;
}

/** One tap and a choice of how long; one tap alone to take it back. */
export function MuteButton({ terminalId, name, mutedUntil }: MuteButtonProps) {
  const m = useScreenWords();
  const { kit } = useWords();
  const { message } = App.useApp();
  const [choosing, setChoosing] = useState(false);
  const mute = useWrite('PUT /v1/terminals/:id/mute', [
    'GET /v1/screen-wall',
    'GET /v1/complaints',
    'GET /v1/terminals',
    'GET /v1/terminals/:id',
  ]);
  const set = (minutes: number): void =>
    mute.mutate(
      { params: { id: terminalId }, body: { minutes } },
      {
        onSuccess: () => {
          void message.success(minutes === 0 ? m.unmuted : m.muted);
          setChoosing(false);
        },
        // Where no window is open, nothing else would tell.
        onError: (error) => minutes === 0 && void message.error(problemSentence(error, kit)),
      },
    );
  return (
    <>
      <Button
        icon={<Icon name="volume" />}
        loading={mute.isPending}
        onClick={() => (mutedUntil === null ? setChoosing(true) : set(0))}
      >
        {mutedUntil === null ? m.mute : m.unmute}
      </Button>
      <Modal
        open={choosing}
        title={m.muteTitle(name)}
        footer={null}
        destroyOnHidden
        onCancel={() => setChoosing(false)}
      >
        <div className="stack">
          <p>{m.muteText}</p>
          <div className="mute-spans">
            {Object.entries(m.muteSpans).map(([minutes, label]) => (
              <Button key={minutes} size="large" disabled={mute.isPending} onClick={() => set(Number(minutes))}>
                {label}
              </Button>
            ))}
          </div>
          <ProblemNotice error={mute.error} />
        </div>
      </Modal>
    </>
  );
}
