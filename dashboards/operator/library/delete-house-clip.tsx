import { App, Button, Modal } from 'antd';
import type { Clip } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useReviewWords } from '../review/review-words.ts';
import { ScreensLeft } from './screens-left.tsx';

/** Takes one of the house's own clips out of the library for good, after a second thought. */
export function DeleteHouseClip({ clip }: { readonly clip: Clip }) {
  const m = useReviewWords();
  const { kit } = useWords();
  const { message } = App.useApp();
  const [isAsking, setAsking] = useState(false);
  const remove = useWrite('DELETE /v1/clips/:id', ['GET /v1/clips', 'GET /v1/clips/:id/screens']);
  const doIt = (): void =>
    remove.mutate(
      { params: { id: clip.id } },
      {
        onSuccess: () => {
          setAsking(false);
          void message.success(m.deletedClip(clip.title));
        },
      },
    );
  const isPlaying = clip.status === 'approved';
  return (
    <>
      <Button onClick={() => setAsking(true)} aria-label={`${m.deleteClip} ${clip.title}`}>
        {m.deleteClip}
      </Button>
      <Modal
        open={isAsking}
        title={m.deleteTitle(clip.title)}
        width={480}
        destroyOnHidden
        okText={m.deleteClip}
        okButtonProps={{ danger: true, loading: remove.isPending }}
        cancelText={kit.cancel}
        onOk={doIt}
        onCancel={() => setAsking(false)}
      >
        <div className="stack">
          <p className="notice is-warn">{m.deleteWarning}</p>
          {isPlaying && <ScreensLeft clipId={clip.id} isPlaying />}
          <p className="soft">{m.deleteKept}</p>
          <ProblemNotice error={remove.error} />
        </div>
      </Modal>
    </>
  );
}
