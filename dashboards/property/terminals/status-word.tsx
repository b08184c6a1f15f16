import type { Terminal } from '@gatecast/cloud-api/client';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useMessages } from '../messages/zh.ts';
import { statusOf } from './terminal-status.ts';

const refreshMs = 15_000;

export function StatusWord({ terminal }: { readonly terminal: Terminal }) {
  const m = useMessages().terminals;
  const format = useFormats();
  const now = useNow(refreshMs);
  const { tone, word, hint } = statusOf(terminal, m);
  const seen = terminal.lastSeenAt;
  return (
    <div className={`status-word is-${tone}`}>
      <strong>
        <span className={`live-dot ${tone === 'good' ? 'is-live' : ''}`} />
        {word}
      </strong>
      {!terminal.online && <span>{seen === null ? m.never : m.lastSeen(format.relative(seen, now))}</span>}
      {hint && <span>{hint}</span>}
    </div>
  );
}
