import type { Rollout, RolloutTerminal } from '@gatecast/cloud-api/client';
import { useRolloutWords } from './rollout-words.ts';

type State = RolloutTerminal['state'];
/** In the order in which they stand in the bar. */
const states: readonly State[] = ['healthy', 'returned', 'sent', 'away', 'missed', 'skipped', 'failed', 'waiting'];

/** One stage as a bar: how many of its terminals have it, failed, or wait. The words below say the same. */
export function ProgressBar({ stage }: { readonly stage: Rollout['stages'][number] }) {
  const m = useRolloutWords();
  const parts = states.flatMap((state) => {
    const count = stage.counts[state] ?? 0;
    return count === 0 ? [] : [{ state, count }];
  });
  return (
    <div className="rollout-progress">
      <div className="rollout-bar" aria-hidden="true">
        {parts.map(({ state, count }) => (
          <span key={state} className={`is-${state}`} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul className="rollout-legend">
        {parts.map(({ state, count }) => (
          <li key={state}>
            <span className={`rollout-dot is-${state}`} aria-hidden="true" />
            {m.terminal[state]} <b className="digits">{count}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}
