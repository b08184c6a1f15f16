import { App } from 'antd';
import type { Clip } from '@gatecast/cloud-api/client';
import { useWrite } from '../../kit/api/api-context.tsx';
import { ReasonDialog } from '../review/reason-dialog.tsx';
import { useReviewWords } from '../review/review-words.ts';
import { ScreensLeft } from './screens-left.tsx';

const reasons = ['complaint', 'authority', 'permit-gone', 'approved-by-mistake', 'advertiser-asked', 'other'] as const;

interface TakeDownProps {
  readonly clip: Clip;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Asks why a clip has to go, and says what that does. */
export function TakeDown({ clip, open, onClose }: TakeDownProps) {
  const m = useReviewWords();
  const { message } = App.useApp();
  const takeDown = useWrite('POST /v1/clips/:id/take-down', ['GET /v1/clips', 'GET /v1/clips/:id/screens']);
  return (
    <ReasonDialog
      open={open}
      title={m.takeDownTitle(clip.title)}
      warning={
        <>
          <p className="notice is-warn">{m.takeDownWarning}</p>
          {open && <ScreensLeft clipId={clip.id} isPlaying />}
        </>
      }
      reasons={reasons}
      action={m.takeDown}
      isPending={takeDown.isPending}
      error={takeDown.error}
      onClose={onClose}
      onSubmit={(body) =>
        // A list of what plays loses the clip before this is answered.
        void takeDown.mutateAsync({ params: { id: clip.id }, body }).then(
          () => {
            void message.success(m.takenDown(clip.title));
            onClose();
          },
          // The dialog shows it.
          () => undefined,
        )
      }
    />
  );
}
