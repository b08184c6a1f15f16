import { useRead } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Loaded } from '../../kit/ui/states.tsx';
import { useReviewWords } from '../review/review-words.ts';

/** Reads what all screens have; often enough to watch a take-down arrive. */
const refetchMs = 3_000;

interface ScreensLeftProps {
  readonly clipId: string;
  readonly isPlaying: boolean;
}

/** On how many screens a clip is, as they told: while it plays a figure, after a take-down what is left to do. */
export function ScreensLeft({ clipId, isPlaying }: ScreensLeftProps) {
  const m = useReviewWords();
  const format = useFormats();
  const screens = useRead(
    'GET /v1/clips/:id/screens',
    { params: { id: clipId } },
    { refetchInterval: isPlaying ? false : refetchMs },
  );
  return (
    <Loaded query={screens}>
      {({ having, havingOffline, unknown, until }) => {
        if (!isPlaying && having === 0 && unknown === 0) return <output className="notice is-good">{m.gone}</output>;
        const facts = [
          (isPlaying ? m.onScreens : m.stillOn)(format.number(having)),
          havingOffline > 0 && m.ofThemOffline(format.number(havingOffline)),
          unknown > 0 && m.unknownScreens(format.number(unknown)),
          !isPlaying && until !== null && m.latest(format.dateTime(until, homeZone)),
        ].filter(Boolean);
        return <output className={isPlaying ? 'soft' : 'notice is-warn'}>{facts.join(' · ')}</output>;
      }}
    </Loaded>
  );
}
