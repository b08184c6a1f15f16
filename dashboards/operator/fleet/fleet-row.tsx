import type { FleetTerminal } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import type { TerminalWords } from '../../kit/console/terminal/words-zh.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useMessages } from '../messages/zh.ts';
import { useFleetWords } from './fleet-words.ts';
import { useListText } from '../../kit/list-text.ts';

const refreshMs = 15_000;

interface FleetRowProps {
  readonly terminal: FleetTerminal;
  /** Where the list is not of one place. */
  readonly withPlace?: boolean;
}

/** One terminal in a long list: where it is, how it is. Pressing it leads to the rest. */
export function FleetRow({ terminal, withPlace = false }: FleetRowProps) {
  const { terminals: words, fleet: m } = useMessages();
  const { id, entranceName, communityName, placement, name, agentVersion, no } = terminal;
  return (
    <li>
      <Link href={`/terminals/${id}`} className="fleet-row">
        <span className="fleet-row-who">
          <b>{entranceName}</b>
          <span className="soft">
            {withPlace && `${communityName} · `}
            {words.placement[placement]} · <span className="digits">{name}</span> <span className="digits">#{no}</span>
            {agentVersion && <span className="digits"> · {m.agent(agentVersion)}</span>}
          </span>
        </span>
        <Standing terminal={terminal} />
        <Troubles terminal={terminal} words={words} />
      </Link>
    </li>
  );
}

function Standing({ terminal }: { readonly terminal: FleetTerminal }) {
  const m = useFleetWords();
  const { terminals: words } = useMessages();
  const format = useFormats();
  const now = useNow(refreshMs);
  const { status, online, doorOnline, lastSeenAt } = terminal;
  if (status !== 'active') return <span className="badge">{m.counts[status]}</span>;
  if (!online) {
    const seen = lastSeenAt === null ? words.never : words.lastSeen(format.relative(lastSeenAt, now));
    return (
      <span>
        <span className="badge is-bad">{m.counts.offline}</span> <span className="soft">{seen}</span>
      </span>
    );
  }
  return doorOnline ? (
    <span className="badge is-good">
      <span className="live-dot is-live" /> {m.counts.online}
    </span>
  ) : (
    <span className="badge is-warn">{m.counts['door-fault']}</span>
  );
}

function Troubles({ terminal, words }: { readonly terminal: FleetTerminal; readonly words: TerminalWords }) {
  const m = useFleetWords();
  const list = useListText();
  const documents: Readonly<Record<string, string>> = words.document;
  const { issues, refusedDocuments } = terminal;
  if (issues.length + refusedDocuments.length === 0) return <span />;
  return (
    <span className="fleet-troubles">
      {issues.map((issue) => (
        <span key={issue} className="badge is-warn">
          {m.issues[issue]}
        </span>
      ))}
      {refusedDocuments.length > 0 && (
        <span className="badge is-bad">{m.refused(list(refusedDocuments.map((kind) => documents[kind] ?? kind)))}</span>
      )}
    </span>
  );
}
