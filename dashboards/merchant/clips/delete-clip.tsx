import type { Clip } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { pageWords } from '../../kit/i18n/page-words.ts';
import { Dialog } from '../../kit/ui/dialog.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';

const useDeleteWords = pageWords({
  zh: {
    delete: '删除',
    deleteTitled: (title: string) => `删除 ${title}`,
    sure: (title: string) => `删除“${title}”？`,
    unseen: '删掉就找不回来了。没有投放过的，文件马上删除；投放过的，等断网的屏幕也不会再报播放了（60 天）才删。',
    played: '它播过：以后不能再投放，您也看不到它了。播放记录和名称按法律规定保留三年。',
    doIt: '删除这个视频',
  },
  en: {
    delete: 'Delete',
    deleteTitled: (title: string) => `Delete ${title}`,
    sure: (title: string) => `Delete “${title}”?`,
    unseen:
      'It cannot be brought back. If it was never booked, its files go at once; else after 60 days, when no screen that was offline can tell of a play any more.',
    played:
      'It has played: it can be booked no more and leaves this list. The law has its records and name kept for three years.',
    doIt: 'Delete this clip',
  },
});

/** Takes a clip out of the library, after a second thought. */
export function DeleteClip({ clip }: { readonly clip: Clip }) {
  const words = useDeleteWords();
  const { kit } = useWords();
  const [isAsking, setAsking] = useState(false);
  const remove = useWrite('DELETE /v1/clips/:id', ['GET /v1/clips', 'GET /v1/campaigns']);
  return (
    <>
      <button
        type="button"
        className="button is-quiet"
        aria-label={words.deleteTitled(clip.title)}
        onClick={() => setAsking(true)}
      >
        {words.delete}
      </button>
      <Dialog open={isAsking} title={words.sure(clip.title)} onClose={() => setAsking(false)}>
        <div className="stack">
          <p>{clip.lastPlayedAt === null ? words.unseen : words.played}</p>
          <ProblemNotice error={remove.error} />
          <button
            type="button"
            className="button is-danger is-wide"
            disabled={remove.isPending}
            onClick={() => remove.mutate({ params: { id: clip.id } }, { onSuccess: () => setAsking(false) })}
          >
            {words.doIt}
          </button>
          <button type="button" className="button is-wide" onClick={() => setAsking(false)}>
            {kit.cancel}
          </button>
        </div>
      </Dialog>
    </>
  );
}
