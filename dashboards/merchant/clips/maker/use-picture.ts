import type { NewMadeClip } from '@gatecast/cloud-api/client';
import { useEffect, useState } from 'react';
import { newIdempotencyKey } from '../../../kit/api/idempotency-key.ts';
import { useSession } from '../../../kit/session/session-context.tsx';
import { askPicture } from './ask-picture.ts';

type Recipe = NewMadeClip['recipe'];

/** After the last key. */
const settleMs = 600;

interface Picture {
  readonly url: string | null;
  readonly error: unknown;
}

/** The picture of a recipe, a moment after it last changed; the one before stays until then. Null: there is no recipe yet. */
export function useSheet(recipe: Recipe | null): Picture {
  const { store } = useSession();
  const [picture, setPicture] = useState<Picture>({ url: null, error: null });
  const wanted = recipe === null ? null : JSON.stringify(recipe);
  useEffect(() => {
    if (wanted === null) return undefined;
    const leaving = new AbortController();
    const timer = setTimeout(() => {
      askPicture('sheet', { recipe: JSON.parse(wanted) as Recipe, token: store.token(), signal: leaving.signal }).then(
        (blob) => setPicture({ url: URL.createObjectURL(blob), error: null }),
        (error: unknown) => {
          if (!leaving.signal.aborted) setPicture({ url: null, error });
        },
      );
    }, settleMs);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [wanted, store]);
  useEffect(() => () => void (picture.url && URL.revokeObjectURL(picture.url)), [picture.url]);
  return picture;
}

interface Preview extends Picture {
  /** Of the recipe that it shows. */
  readonly of: string | null;
  /** Name of the one that is being made. */
  readonly making: string | null;
}

const none: Preview = { url: null, error: null, of: null, making: null };

/** The moving preview, made when asked for. */
export function usePreview() {
  const { store } = useSession();
  const [preview, setPreview] = useState<Preview>(none);
  const [running, setRunning] = useState<AbortController | null>(null);
  useEffect(() => () => running?.abort(), [running]);
  useEffect(() => () => void (preview.url && URL.revokeObjectURL(preview.url)), [preview.url]);
  return {
    preview,
    make: (recipe: Recipe): void => {
      const leaving = new AbortController();
      setRunning(leaving);
      const watch = newIdempotencyKey();
      setPreview({ ...none, making: watch });
      askPicture('preview', { recipe, watch, token: store.token(), signal: leaving.signal }).then(
        (blob) => setPreview({ ...none, url: URL.createObjectURL(blob), of: JSON.stringify(recipe) }),
        (error: unknown) => {
          if (!leaving.signal.aborted) setPreview({ ...none, error });
        },
      );
    },
  };
}
