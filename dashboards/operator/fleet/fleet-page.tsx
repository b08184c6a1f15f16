import { Button } from 'antd';
import type { Terminal } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { useCommandWords } from '../../kit/console/terminal/commands/command-words.ts';
import { AddTerminal } from '../../kit/console/terminal/add-terminal.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { NewClaimCode } from '../../kit/console/terminal/new-claim-code.tsx';
import { StatusWord } from '../../kit/console/terminal/status-word.tsx';
import { VersionChips } from '../../kit/console/terminal/version-chips.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { fleetCounts, type FleetCount } from './fleet-counts.ts';
import { TakeOut } from './take-out.tsx';
import './fleet.css';

/** Live events come first; this is for what they missed. */
const refetchMs = 30_000;
const pageSize = 200;

/** All terminals with what is the matter with them, worst first to see at a glance. */
export function FleetPage() {
  const m = useMessages().fleet;
  const [wanted, setWanted] = useState<FleetCount | null>(null);
  const [adding, setAdding] = useState(false);
  const pages = useReadPages('GET /v1/terminals', { query: { limit: pageSize } }, { refetchInterval: refetchMs });
  const addButton = (
    <Button type="primary" size="large" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>
      {m.add}
    </Button>
  );
  return (
    <>
      <div className="page-head">
        <h1>{m.title}</h1>
        {pages.items.length > 0 && addButton}
      </div>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="screen" title={m.empty}>
            <p>{m.emptyHint}</p>
            {addButton}
          </Empty>
        }
      >
        {(terminals) => (
          <>
            <Counts terminals={terminals} wanted={wanted} onWant={setWanted} />
            <ul className="fleet-rows card">
              {terminals
                .filter((terminal) => wanted === null || fleetCounts[wanted](terminal))
                .map((terminal) => (
                  <FleetRow key={terminal.id} terminal={terminal} />
                ))}
            </ul>
          </>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
      <AddTerminal open={adding} onClose={() => setAdding(false)} />
    </>
  );
}

interface CountsProps {
  readonly terminals: readonly Terminal[];
  readonly wanted: FleetCount | null;
  readonly onWant: (wanted: FleetCount | null) => void;
}

const countNames: readonly FleetCount[] = ['well', 'offline', 'doorFault', 'unclaimed'];

/** How many are well and how many are not; pressing a number shows those only. */
function Counts({ terminals, wanted, onWant }: CountsProps) {
  const m = useMessages().fleet;
  return (
    <div className="fleet-counts">
      {countNames.map((name) => (
        <button
          key={name}
          type="button"
          className={`card fleet-count is-${name}`}
          aria-pressed={wanted === name}
          onClick={() => onWant(wanted === name ? null : name)}
        >
          <strong className="digits">{terminals.filter(fleetCounts[name]).length}</strong>
          {m.counts[name]}
        </button>
      ))}
    </div>
  );
}

function FleetRow({ terminal }: { readonly terminal: Terminal }) {
  const { terminals: words, fleet: m } = useMessages();
  const care = useCommandWords();
  return (
    <li className="fleet-row">
      <div>
        <b>{terminal.entranceName}</b>
        <span className="soft">
          {terminal.communityName} · {words.placement[terminal.placement]}
        </span>
        <span className="soft digits">
          {terminal.name}
          {terminal.agentVersion !== null && ` · ${m.agent(terminal.agentVersion)}`}
        </span>
      </div>
      <StatusWord terminal={terminal} words={words} />
      <VersionChips documents={terminal.documents} words={words} />
      <div className="row fleet-actions">
        <Link href={`/terminals/${terminal.id}/commands`} className="fleet-care">
          {care.title} <Icon name="forward" size={18} />
        </Link>
        <NewClaimCode terminalId={terminal.id} />
        {terminal.status === 'active' && <TakeOut terminal={terminal} />}
      </div>
    </li>
  );
}
