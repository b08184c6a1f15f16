import { Select } from 'antd';
import { useRead, useWrite } from '../../api/api-context.tsx';
import { ProblemNotice } from '../../ui/states.tsx';
import { useRolloutWords } from './rollout-words.ts';
import './rollouts.css';

const tagsMax = 10;

/** The words by which a terminal belongs to groups of roll-outs. What is chosen is kept at once. */
export function TagsCard({ terminalId }: { readonly terminalId: string }) {
  const m = useRolloutWords();
  const params = { id: terminalId };
  const own = useRead('GET /v1/terminals/:id/tags', { params });
  const known = useRead('GET /v1/terminal-groups', {}).data?.tags ?? [];
  const keep = useWrite('PUT /v1/terminals/:id/tags', ['GET /v1/terminals/:id/tags', 'GET /v1/terminal-groups']);
  return (
    <section className="card">
      <h2>{m.tags}</h2>
      <p className="soft">{m.tagsHint}</p>
      <Select
        mode="tags"
        size="large"
        className="tags-select"
        aria-label={m.tags}
        maxCount={tagsMax}
        placeholder={m.tagsPlaceholder}
        value={own.data?.tags ?? []}
        loading={own.isPending || keep.isPending}
        options={known.map(({ tag }) => ({ value: tag, label: tag }))}
        onChange={(tags: string[]) => keep.mutate({ params, body: { tags } })}
      />
      <ProblemNotice error={own.error ?? keep.error} />
    </section>
  );
}
