import type { ReopenedRecipe } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link, useSearch } from 'wouter';
import { useRead } from '../../../kit/api/api-context.tsx';
import { Icon } from '../../../kit/ui/icon.tsx';
import { LoadedOver } from '../../../kit/ui/skeleton.tsx';
import { useMakerWords } from './maker-words.ts';
import { PhotoPicker } from './photo-picker.tsx';
import { PreviewCard } from './preview-card.tsx';
import { draftOf, emptyDraft, readRecipe, type RecipeDraft } from './recipe-draft.ts';
import { SendCard } from './send-card.tsx';
import { TemplateChoice } from './template-choice.tsx';
import { keptPhotos, usePhotos, type ChosenPhoto } from './use-photos.ts';
import { WordsCard } from './words-card.tsx';
import '../clips.css';
import './maker.css';

/** No video? Photos, a line and a price become a clip. `?from=` names one that was made before, to be changed. */
export function MakerPage() {
  const words = useMakerWords();
  const from = new URLSearchParams(useSearch()).get('from');
  return (
    <>
      <div className="page-head">
        <Link href="/clips" className="round-button" aria-label={words.back}>
          <Icon name="back" size={24} />
        </Link>
        <h1 className="page-title">{words.title}</h1>
      </div>
      {from === null ? <NewRecipe /> : <KnownRecipe key={from} clipId={from} />}
    </>
  );
}

const outline = [200, 320];

function NewRecipe() {
  const stores = useRead('GET /v1/stores', { query: { limit: 1 } });
  return (
    <LoadedOver query={stores} heights={outline}>
      {({ items }) => <Maker first={{ draft: emptyDraft((items[0]?.name ?? '').slice(0, 20)), photos: [] }} />}
    </LoadedOver>
  );
}

function KnownRecipe({ clipId }: { readonly clipId: string }) {
  const words = useMakerWords();
  const known = useRead('GET /v1/clips/:id/recipe', { params: { id: clipId } });
  return (
    <LoadedOver query={known} heights={outline}>
      {(made) => {
        const photos = keptPhotos(made.photos);
        const lost = made.photos.length - photos.length;
        return (
          <>
            {lost > 0 && <p className="notice is-warn">{words.photosGone(lost)}</p>}
            <Maker first={{ draft: draftOf(made.recipe), photos, made }} />
          </>
        );
      }}
    </LoadedOver>
  );
}

interface Start {
  readonly draft: RecipeDraft;
  readonly photos: readonly ChosenPhoto[];
  /** What it begins from, if not from nothing. */
  readonly made?: ReopenedRecipe;
}

function Maker({ first }: { readonly first: Start }) {
  const words = useMakerWords();
  const { photos, add, remove, forward } = usePhotos(first.photos);
  const [draft, setDraft] = useState(first.draft);
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
        <SendCard recipe={recipe} hint={hint} line={draft.line.trim()} category={first.made?.category ?? ''} />
      </div>
    </div>
  );
}

/** What the photos still keep from being sent. */
function waitingFor(photos: readonly ChosenPhoto[]): 'badPhotos' | 'waitForPhotos' | null {
  if (photos.some(({ error }) => error !== null)) return 'badPhotos';
  return photos.some(({ id }) => id === null) ? 'waitForPhotos' : null;
}
