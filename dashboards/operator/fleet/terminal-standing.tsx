import type { Terminal } from '@gatecast/cloud-api/client';
import { useRead } from '../../kit/api/api-context.tsx';
import { StatusWord } from '../../kit/console/terminal/status-word.tsx';
import { useMessages } from '../messages/zh.ts';
import { useFleetWords } from './fleet-words.ts';

/** Live events come first; this is for what they missed. */
const refetchMs = 30_000;

/** `All well` is said only when the terminal itself says so too. */
export function TerminalStanding({ terminal }: { readonly terminal: Terminal }) {
  const m = useFleetWords();
  const { terminals: words } = useMessages();
  const query = { params: { id: terminal.id }, query: { span: '2d' } } as const;
  const health = useRead('GET /v1/terminals/:id/health', query, { refetchInterval: refetchMs });
  const issues = health.data?.issues.length ?? 0;
  const isWell = terminal.status === 'active' && terminal.online && terminal.doorOnline;
  if (!isWell || issues === 0) return <StatusWord terminal={terminal} words={words} />;
  return (
    <div className="status-word is-warn">
      <strong>
        <span className="live-dot" />
        {m.issueCount(issues)}
      </strong>
    </div>
  );
}
