import { Empty, Loading, ProblemNotice } from '../../kit/ui/states.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useMessages } from '../messages/zh.ts';
import { ChainCard } from './chain-card.tsx';
import { useTraceNames } from './names.ts';
import { NoteRow } from './note-row.tsx';
import { useIsWide } from './use-is-wide.ts';
import { useTrace } from './use-trace.ts';
import './trace.css';

/** What happens, as it happens, newest on top: each homecoming a card that grows with every step. */
export function TraceFeed() {
  const m = useMessages().trace;
  const trace = useTrace();
  const names = useTraceNames();
  const now = useNow();
  const isWide = useIsWide();
  const columns = isWide
    ? [
        { label: m.title, items: trace.items.filter(({ type }) => type === 'chain') },
        { label: m.besides, items: trace.items.filter(({ type }) => type === 'note') },
      ]
    : [{ label: m.title, items: trace.items }];
  return (
    <>
      <div className="trace-bar">
        <p className="soft">{m.intro}</p>
        <button
          type="button"
          className="button"
          aria-pressed={trace.isPaused}
          onClick={() => trace.setPaused(!trace.isPaused)}
        >
          <Icon name={trace.isPaused ? 'play' : 'pause'} size={18} />
          {trace.isPaused ? m.resume(trace.waiting) : m.pause}
        </button>
      </div>
      <ProblemNotice error={trace.error} />
      {trace.isLoading && <Loading />}
      {!trace.isLoading && trace.items.length === 0 && (
        <Empty icon="door" title={m.empty}>
          <p>{m.emptyHint}</p>
        </Empty>
      )}
      <div className="trace-columns">
        {columns.map(({ label, items }) => (
          <ol key={label} className="trace-items" aria-label={label}>
            {items.map((item) =>
              item.type === 'chain' ? (
                <ChainCard key={item.key} chain={item} names={names} now={now} />
              ) : (
                <NoteRow key={item.key} note={item} names={names} now={now} />
              ),
            )}
          </ol>
        ))}
      </div>
    </>
  );
}
