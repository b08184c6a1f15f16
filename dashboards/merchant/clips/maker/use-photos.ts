import type { ClipPhoto, ReopenedRecipe } from '@gatecast/cloud-api/client';
import { useEffect, useRef, useState } from 'react';
import { useApi } from '../../../kit/api/api-context.tsx';
import { newIdempotencyKey } from '../../../kit/api/idempotency-key.ts';
import { photosMax } from './recipe-draft.ts';
import { shrinkPhoto } from './shrink-photo.ts';

/** A photo that was chosen: on its way, there, or refused. */
export interface ChosenPhoto {
  readonly key: string;
  readonly name: string;
  /** Of this page alone, or of the cloud. */
  readonly url: string;
  readonly id: string | null;
  readonly error: unknown;
}

/** Those of a clip that was made before and are still kept. */
export const keptPhotos = (photos: ReopenedRecipe['photos']): readonly ChosenPhoto[] =>
  photos.flatMap(({ id, url }, index) =>
    url === null ? [] : [{ key: `${index} ${id}`, name: '', url, id, error: null }],
  );

/** The photos of a clip in their order. Each travels as soon as it is chosen. */
export function usePhotos(first: readonly ChosenPhoto[] = []) {
  const { client } = useApi();
  const [photos, setPhotos] = useState<readonly ChosenPhoto[]>(first);
  const urls = useRef(new Set<string>());
  useEffect(() => () => urls.current.forEach((url) => URL.revokeObjectURL(url)), []);

  const change = (key: string, to: Partial<ChosenPhoto>): void =>
    setPhotos((all) => all.map((photo) => (photo.key === key ? { ...photo, ...to } : photo)));

  const bring = async (key: string, file: File): Promise<void> => {
    try {
      const { id }: ClipPhoto = await client('POST /v1/clip-photos', { body: await shrinkPhoto(file) });
      change(key, { id });
    } catch (error) {
      change(key, { error });
    }
  };

  return {
    photos,
    add: (files: readonly File[]): void => {
      const room = files.slice(0, Math.max(0, photosMax - photos.length));
      const chosen = room.map((file) => ({ file, key: newIdempotencyKey(), url: URL.createObjectURL(file) }));
      chosen.forEach(({ url }) => urls.current.add(url));
      const added = chosen.map(({ file, key, url }) => ({ key, url, name: file.name, id: null, error: null }));
      setPhotos((all) => [...all, ...added]);
      for (const { key, file } of chosen) void bring(key, file);
    },
    remove: (key: string): void => setPhotos((all) => all.filter((photo) => photo.key !== key)),
    /** One place to the front. */
    forward: (key: string): void =>
      setPhotos((all) => {
        const at = all.findIndex((photo) => photo.key === key);
        const [photo, before] = [all[at], all[at - 1]];
        return photo && before ? all.with(at - 1, photo).with(at, before) : all;
      }),
  };
}
