import type { Clip } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { pageWords } from '../../kit/i18n/page-words.ts';
import { Choice } from '../../kit/ui/choice.tsx';

const useCutWords = pageWords({
  zh: {
    where: '在哪里播',
    door: (seconds: number) => `门口 ${seconds} 秒`,
    lift: (seconds: number) => `电梯前 ${seconds} 秒`,
    advert: '广告',
    frame: '屏幕上会自动加上“广告”和您的名称，右下角放二维码。',
  },
  en: {
    where: 'Where it plays',
    door: (seconds: number) => `At the door, ${seconds} s`,
    lift: (seconds: number) => `Before the lift, ${seconds} s`,
    advert: '广告',
    frame: 'The screen adds the legal mark 广告 (“advert”) and your name; its lower right is for the QR code.',
  },
});

type File = Clip['files'][number];

/** Each cut once, as the smaller screens play it. */
const shownCuts = (files: readonly File[]): readonly File[] => {
  const of = (cut: File['cut']) => files.filter((file) => file.cut === cut);
  return (['door', 'lift'] as const).flatMap(
    (cut) => of(cut).find(({ profile }) => profile === 'B') ?? of(cut).slice(0, 1),
  );
};

/** How a clip looks at the door and before the lift, in the frame of a screen with what the screen adds to it. */
export function CutPreviews({ clip }: { readonly clip: Clip }) {
  const words = useCutWords();
  const cuts = shownCuts(clip.files);
  const [chosen, setChosen] = useState<File['cut']>('door');
  const file = cuts.find(({ cut }) => cut === chosen) ?? cuts[0];
  const url = file?.videoUrl ?? clip.videoUrl;
  if (!url) return null;
  const options = cuts.map(({ cut, durationMs }) => ({
    value: cut,
    label: words[cut](Math.round(durationMs / 1_000)),
  }));
  return (
    <div className="stack cut-previews">
      {options.length > 1 && <Choice legend={words.where} options={options} value={chosen} onChange={setChosen} />}
      <div className="screen-frame">
        {/* Silent until asked: it plays over a shop's counter. */}
        <video
          key={url}
          className="clip-player"
          src={url}
          poster={file?.posterUrl ?? clip.posterUrl ?? undefined}
          controls
          muted
          autoPlay
          playsInline
        />
        {clip.merchantId !== null && (
          <span className="screen-mark">
            {words.advert} · {clip.merchantName}
          </span>
        )}
      </div>
      {clip.merchantId !== null && <p className="soft">{words.frame}</p>}
    </div>
  );
}
