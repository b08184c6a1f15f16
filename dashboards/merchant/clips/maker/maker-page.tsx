import { useState } from 'react';
import { Link } from 'wouter';
import { useRead } from '../../../kit/api/api-context.tsx';
import { Icon } from '../../../kit/ui/icon.tsx';
import { LoadedOver } from '../../../kit/ui/skeleton.tsx';
import { useMakerWords } from './maker-words.ts';
import { PhotoPicker } from './photo-picker.tsx';
import { PreviewCard } from './preview-card.tsx';
import { emptyDraft, readRecipe, type RecipeDraft } from './recipe-draft.ts';
import { SendCard } from './send-card.tsx';
import { TemplateChoice } from './template-choice.tsx';
import { usePhotos, type ChosenPhoto } from './use-photos.ts';
import { WordsCard } from './words-card.tsx';
import '../clips.css';
import './maker.css';

/** No video? Photos, a line and a price become a clip. */
export function MakerPage() {
  const words = useMakerWords();
  const stores = useRead('GET /v1/stores', { query: { limit: 1 } });
  return (
    <>
      <div className="page-head">
        <Link href="/clips" className="round-button" aria-label={words.back}>
          <Icon name="back" size={24} />
        </Link>
        <h1 className="page-title">{words.title}</h1>
      </div>
      <LoadedOver query={stores} heights={[200, 320]}>
        {({ items }) => <Maker storeName={items[0]?.name ?? ''} />}
      </LoadedOver>
    </>
  );
}

function Maker({ storeName }: { readonly storeName: string }) {
  const words = useMakerWords();
  const { photos, add, remove, forward } = usePhotos();
  const [draft, setDraft] = useState<RecipeDraft>(() => emptyDraft(storeName.slice(0, 20)));
  const sent = photos.flatMap(({ id }) => (id === null ? [] : [id]));
  const { recipe, fault } = readRecipe(draft, sent);
  const change = (part: Partial<RecipeDraft>): void => setDraft({ ...draft, ...part });
  const waiting = waitingFor(photos);
  const hint = waiting ? words[waiting] : fault && words.faults[fault];
  return (
    <div className="maker-columns">
      <div className="stack">
        <PhotoPicker photos={photos} onAdd={add} onRemove={remove} onForward={forward} />
        <WordsCard draft={draft} onChange={change} />
      </div>
      <div className="stack">
        <TemplateChoice recipe={recipe} value={draft.template} onChange={(template) => change({ template })} />
        <PreviewCard recipe={recipe} />
        <SendCard recipe={recipe} hint={hint} line={draft.line.trim()} />
      </div>
    </div>
  );
}

/** What the photos still keep from being sent. */
function waitingFor(photos: readonly ChosenPhoto[]): 'badPhotos' | 'waitForPhotos' | null {
  if (photos.some(({ error }) => error !== null)) return 'badPhotos';
  return photos.some(({ id }) => id === null) ? 'waitForPhotos' : null;
}
