import type { ReactNode } from 'react';
import { problemSentence } from '../i18n/problem-sentence.ts';
import { useWords } from '../i18n/language-context.tsx';
import { Icon, type IconName } from './icon.tsx';

export function Loading() {
  const { kit } = useWords();
  return (
    <output className="state">
      <span className="spinner" />
      <span>{kit.loading}</span>
    </output>
  );
}

interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
}

/** Nothing here yet: what would be here, and what to do about it. */
export function Empty({ icon, title, children }: EmptyProps) {
  return (
    <div className="state">
      <span className="state-picture">
        <Icon name={icon} size={40} />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Failed({ error, retry }: { readonly error: unknown; readonly retry?: () => unknown }) {
  const { kit } = useWords();
  return (
    <div className="state is-bad" role="alert">
      <span className="state-picture">
        <Icon name="alert" size={40} />
      </span>
      <h2>{kit.failedToLoad}</h2>
      <p>{problemSentence(error, kit)}</p>
      {retry && (
        <button type="button" className="button" onClick={() => void retry()}>
          {kit.retry}
        </button>
      )}
    </div>
  );
}

interface LoadedProps<T> {
  readonly query: { readonly data: T | undefined; readonly error: unknown; readonly refetch: () => unknown };
  readonly children: (data: T) => ReactNode;
}

/** One of loading, failed with a way to try again, or the answer; an old answer stays while a new one is fetched. */
export function Loaded<T>({ query, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failed error={query.error} retry={query.refetch} />;
  return <Loading />;
}

/** A refused write, beside the button that was pressed. */
export function ProblemNotice({ error }: { readonly error: unknown }) {
  const { kit } = useWords();
  if (!error) return null;
  return (
    <p className="notice is-bad" role="alert">
      <Icon name="alert" />
      <span>{problemSentence(error, kit)}</span>
    </p>
  );
}
