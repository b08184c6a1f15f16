import type { Terminal } from '@gatecast/cloud-api/client';
import { useFormats } from '../../i18n/language-context.tsx';
import { useNow } from '../../use-now.ts';
import { statusOf } from './terminal-status.ts';
import type { TerminalWords } from './words-zh.ts';
import './terminal.css';

const refreshMs = 15_000;

interface StatusWordProps {
  readonly terminal: Terminal;
  readonly words: TerminalWords;
}

/** How a terminal is, in one big word; under it what that means for people at the door. */
export function StatusWord({ terminal, words }: StatusWordProps) {
  const format = useFormats();
  const now = useNow(refreshMs);
  const { tone, word, hint } = statusOf(terminal, words);
  const seen = terminal.lastSeenAt;
  return (
    <div className={`status-word is-${tone}`}>
      <strong>
        <span className={`live-dot ${tone === 'good' ? 'is-live' : ''}`} />
        {word}
      </strong>
      {!terminal.online && <span>{seen === null ? words.never : words.lastSeen(format.relative(seen, now))}</span>}
      {hint && <span>{hint}</span>}
    </div>
  );
}
