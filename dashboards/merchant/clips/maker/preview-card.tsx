import type { NewMadeClip } from '@gatecast/cloud-api/client';
import { Icon } from '../../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../../kit/ui/states.tsx';
import { useMakerWords } from './maker-words.ts';
import { usePreviewPercent } from './preview-progress.ts';
import { usePreview } from './use-picture.ts';

/** How it moves, made in seconds. */
export function PreviewCard({ recipe }: { readonly recipe: NewMadeClip['recipe'] | null }) {
  const words = useMakerWords();
  const { preview, make } = usePreview();
  const percent = usePreviewPercent(preview.making);
  const isOld = preview.url !== null && recipe !== null && preview.of !== JSON.stringify(recipe);
  return (
    <section className="card stack" aria-label={words.previewTitle}>
      {preview.url && <video className="maker-preview" src={preview.url} controls muted autoPlay loop playsInline />}
      {preview.making !== null && (
        <div className="stack">
          <output>{words.previewing}</output>
          {percent !== null && <span className="soft digits">{percent}%</span>}
          <progress
            className="progress"
            aria-label={words.previewing}
            max={100}
            {...(percent !== null && { value: percent })}
          />
        </div>
      )}
      <ProblemNotice error={preview.error} />
      {(preview.url === null || isOld) && preview.making === null && (
        <button
          type="button"
          className="button is-large"
          disabled={recipe === null}
          onClick={() => recipe && make(recipe)}
        >
          <Icon name="play" /> {isOld ? words.previewAgain : words.preview}
        </button>
      )}
      <p className="soft">{words.previewHint}</p>
    </section>
  );
}
