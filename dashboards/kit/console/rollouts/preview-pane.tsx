import { Button } from 'antd';
import type { RolloutPreview } from '@gatecast/cloud-api/client';
import { ProblemNotice } from '../../ui/states.tsx';
import { reasonText, useRolloutWords } from './rollout-words.ts';
import { settingValueText } from './setting-value-text.ts';

interface PreviewPaneProps {
  readonly preview: RolloutPreview;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onBack: () => void;
  readonly onStart: () => void;
}

/** Everything that would happen, before anything does. */
export function PreviewPane({ preview, busy, error, onBack, onStart }: PreviewPaneProps) {
  const m = useRolloutWords();
  const { total, stages, skipped, unchanged, heldBy, items } = preview;
  return (
    <div className="rollout-preview">
      <p>
        <b>{m.reach(total, stages.length)}</b> ({stages.join(' + ')})
      </p>
      <ul>
        {unchanged > 0 && <li>{m.unchanged(unchanged)}</li>}
        {Object.entries(skipped).map(([code, n]) => (
          <li key={code}>{m.skip(n, reasonText(code, m))}</li>
        ))}
      </ul>
      {heldBy.map(({ rolloutId, name, terminals }) => (
        <p key={rolloutId} className="notice is-bad">
          {m.held(name, terminals)}
        </p>
      ))}
      {items.length > 0 && <h3>{m.firstOnes}</h3>}
      <ul className="rollout-terminals">
        {items.map((item) => (
          <li key={item.terminalId}>
            <span>
              <b>{item.entranceName}</b> <span className="soft">{item.communityName}</span>
            </span>
            <span className="badge">{item.skip === null ? m.stage(item.stage + 1) : m.terminal.skipped}</span>
            <span className="soft">
              {item.skip === null
                ? item.changes
                    .map(
                      ({ field, from, to }) =>
                        `${m.field[field] ?? field}: ${settingValueText(from)} → ${settingValueText(to)}`,
                    )
                    .join(' · ') || m.changes(0)
                : reasonText(item.skip, m)}
            </span>
          </li>
        ))}
      </ul>
      <ProblemNotice error={error} />
      <div className="rollout-actions">
        <Button size="large" onClick={onBack}>
          {m.back}
        </Button>
        <Button
          type="primary"
          size="large"
          disabled={total === 0 || heldBy.length > 0}
          loading={busy}
          onClick={onStart}
        >
          {m.start(total)}
        </Button>
      </div>
    </div>
  );
}
