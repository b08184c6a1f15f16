import { useResultWords } from './result-words.ts';
import '../../kit/result/explained.css';
import '../../kit/ui/foldable.css';

const counters = ['verified', 'rendered', 'viewable', 'completed', 'ambient'] as const;

/** What each figure counts, for whoever asks; the counters are never mixed. */
export function CountersExplained() {
  const words = useResultWords();
  return (
    <details className="explained foldable">
      <summary>{words.countersTitle}</summary>
      <dl>
        {counters.map((counter) => (
          <div key={counter}>
            <dt>{words[counter]}</dt>
            <dd>{words.countersExplained[counter]}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
