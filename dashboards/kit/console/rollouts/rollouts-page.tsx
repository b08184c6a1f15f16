import type { Rollout } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { useReadPages } from '../../api/api-context.tsx';
import { useFormats } from '../../i18n/language-context.tsx';
import { useNow } from '../../use-now.ts';
import { homeZone } from '../../format.ts';
import { ListPage } from '../list-page.tsx';
import { NewRollout, type RolloutKind } from './new-rollout.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { useRolloutWords } from './rollout-words.ts';
import { stateTone } from './state-tone.ts';
import './rollouts.css';

/** Live events come first; this is for what they missed. */
const refetchMs = 15_000;
const refreshMs = 30_000;

/** Everything that is or was brought to many terminals. */
export function RolloutsPage({ kinds }: { readonly kinds: readonly RolloutKind[] }) {
  const m = useRolloutWords();
  const [search] = useSearchParams();
  /** Whoever comes from a release has chosen it already. */
  const release = kinds.includes('release') ? search.get('release') : null;
  const [adding, setAdding] = useState(release !== null);
  const pages = useReadPages('GET /v1/rollouts', {}, { refetchInterval: refetchMs });
  return (
    <>
      <ListPage
        title={m.title}
        intro={m.intro}
        add={{ label: m.add, icon: 'share', onClick: () => setAdding(true) }}
        pages={pages}
        empty={{ icon: 'share', title: m.none, hint: m.noneHint }}
      >
        {(rollouts) => (
          <ul className="rollout-rows">
            {rollouts.map((each) => (
              <li key={each.id}>
                <Row rollout={each} />
              </li>
            ))}
          </ul>
        )}
      </ListPage>
      <NewRollout kinds={kinds} release={release} open={adding} onClose={() => setAdding(false)} />
    </>
  );
}

function Row({ rollout }: { readonly rollout: Rollout }) {
  const m = useRolloutWords();
  const format = useFormats();
  const now = useNow(refreshMs);
  const { id, name, what, state, createdAt } = rollout;
  return (
    <Link href={`/rollouts/${id}`} className="card rollout-row">
      <span className="rollout-row-head">
        <b>{name}</b>
        <span className={`badge ${stateTone[state]}`}>{m.state[state]}</span>
      </span>
      <span className="soft">
        {what.kind === 'template' ? m.template : m.release} · {what.name} ·{' '}
        {m.created(format.timeOrDate(createdAt, now, homeZone))}
      </span>
      <ProgressBar stage={together(rollout)} />
    </Link>
  );
}

/** All stages as one. */
function together({ stages, total }: Rollout): Rollout['stages'][number] {
  const counts: Rollout['stages'][number]['counts'] = {};
  for (const stage of stages)
    for (const [state, count] of Object.entries(stage.counts) as [keyof typeof counts, number][])
      counts[state] = (counts[state] ?? 0) + count;
  return { size: total, counts };
}
