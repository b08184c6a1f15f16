import { useId } from 'react';
import { Icon } from '../../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../../kit/ui/states.tsx';
import { useMakerWords } from './maker-words.ts';
import { photosMax } from './recipe-draft.ts';
import type { ChosenPhoto } from './use-photos.ts';

interface PhotoPickerProps {
  readonly photos: readonly ChosenPhoto[];
  readonly onAdd: (files: readonly File[]) => void;
  readonly onRemove: (key: string) => void;
  readonly onForward: (key: string) => void;
}

/** The photos in their order, each to be moved and removed by buttons, and room for the next ones. */
export function PhotoPicker({ photos, onAdd, onRemove, onForward }: PhotoPickerProps) {
  const words = useMakerWords();
  const id = useId();
  const refused = photos.find(({ error }) => error !== null);
  return (
    <section className="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} className="section-title">
        {words.photos}
      </h2>
      <p className="soft">{words.photosHint}</p>
      <ol className="photo-row">
        {photos.map((photo, index) => (
          <li key={photo.key} className={photo.error === null ? 'photo-tile' : 'photo-tile is-refused'}>
            <img src={photo.url} alt={words.photoNumber(index + 1)} />
            {photo.id === null && photo.error === null && <span className="photo-state">{words.sending}</span>}
            <span className="photo-tools">
              {index > 0 && (
                <button type="button" aria-label={words.earlier(index + 1)} onClick={() => onForward(photo.key)}>
                  <Icon name="back" size={20} />
                </button>
              )}
              <button type="button" aria-label={words.remove(index + 1)} onClick={() => onRemove(photo.key)}>
                <Icon name="cross" size={20} />
              </button>
            </span>
          </li>
        ))}
      </ol>
      {refused && <ProblemNotice error={refused.error} />}
      {photos.length < photosMax && (
        <div className="file-picker">
          <input
            id={id}
            type="file"
            accept="image/*"
            multiple
            className="visually-hidden"
            onChange={(event) => {
              onAdd([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = '';
            }}
          />
          <label htmlFor={id}>
            <Icon name="plus" size={28} />
            <strong>{words.addPhotos}</strong>
          </label>
        </div>
      )}
    </section>
  );
}
