import { useRead } from '../../api/api-context.tsx';
import { useScreenWords } from './screen-words.ts';

const refetchMs = 60_000;

/** How many complaints wait for an answer, in red once one has waited too long; nothing while there is none. */
export function ComplaintsMark() {
  const m = useScreenWords();
  const { data } = useRead('GET /v1/complaint-counts', { query: {} }, { refetchInterval: refetchMs });
  if (!data || data.open === 0) return null;
  return (
    <output className={`badge ${data.overdue > 0 ? 'is-bad' : 'is-brand'}`} aria-label={m.waiting(data)}>
      {data.open}
    </output>
  );
}
