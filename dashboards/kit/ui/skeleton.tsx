import type { ReactNode } from 'react';
import { useWords } from '../i18n/language-context.tsx';
import { Failed } from './states.tsx';
import './skeleton.css';

interface BonesProps {
  /** Heights of the grey blocks in pixels, from above: as high as what will stand there, so that nothing jumps. */
  readonly heights: readonly number[];
}

/** Grey blocks where content is about to stand. */
export function Bones({ heights }: BonesProps) {
  const { kit } = useWords();
  return (
    <output className="bones">
      <span className="visually-hidden">{kit.loading}</span>
      {heights.map((height, index) => (
        <span key={index} className="bone" style={{ height }} />
      ))}
    </output>
  );
}

interface LoadedOverProps<T> extends BonesProps {
  readonly query: { readonly data: T | undefined; readonly error: unknown; readonly refetch: () => unknown };
  readonly children: (data: T) => ReactNode;
}

/** Like `Loaded`, with the outline of the page in place of a spinner. */
export function LoadedOver<T>({ query, heights, children }: LoadedOverProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failed error={query.error} retry={query.refetch} />;
  return <Bones heights={heights} />;
}
