import type { Terminal } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useReadPages, useWrite } from '../../../api/api-context.tsx';
import { LoadedPages } from '../../../ui/loaded-pages.tsx';
import { ProblemNotice } from '../../../ui/states.tsx';
import { LoadMore } from '../../load-more.tsx';
import { CommandFile } from './command-file.tsx';
import { isUnderWay } from './command-look.ts';
import { CommandRow } from './command-row.tsx';
import { useCommandWords } from './command-words.ts';
import { OrderButtons, type Order } from './order-buttons.tsx';
import './commands.css';

/** Live events come first; these are for what they missed. */
const followMs = 1_000;
const restMs = 30_000;
const pageSize = 6;

interface CommandsCardProps {
  readonly terminal: Pick<Terminal, 'id' | 'status' | 'online' | 'zone'>;
  /** Where no page of its own opens the door. */
  readonly mayOpen?: boolean;
  /** The operator alone can send somebody to a machine that does not come back. */
  readonly mayRestartMachine?: boolean;
}

/** What can be done to a terminal from afar, and what became of it. */
export function CommandsCard({ terminal, mayOpen = false, mayRestartMachine = false }: CommandsCardProps) {
  const m = useCommandWords();
  const { id, zone } = terminal;
  const [follows, setFollows] = useState(false);
  /** What was asked for here shows itself once it is here. */
  const [awaited, setAwaited] = useState<string | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const pages = useReadPages(
    'GET /v1/terminals/:id/commands',
    { params: { id }, query: { limit: pageSize } },
    { refetchInterval: follows ? followMs : restMs },
  );
  const send = useWrite('POST /v1/terminals/:id/commands', ['GET /v1/terminals/:id/commands']);
  const isFollowed = pages.items.some(isUnderWay);
  if (isFollowed !== follows) setFollows(isFollowed);
  const arrived = pages.items.find((command) => command.id === awaited);
  if (arrived && !isUnderWay(arrived)) {
    setAwaited(null);
    if (arrived.file) setShown(arrived.id);
  }
  const order = (body: Order): void =>
    send.mutate({ params: { id }, body }, { onSuccess: (command) => setAwaited(command.id) });
  const isOut = terminal.status !== 'active' || !terminal.online;
  const opened = pages.items.find((command) => command.id === shown);
  return (
    <section className="card commands-card">
      <h2>{m.title}</h2>
      <p className="soft">{isOut ? m.offline : m.intro}</p>
      <OrderButtons
        disabled={isOut}
        busy={send.isPending}
        mayOpen={mayOpen}
        mayRestartMachine={mayRestartMachine}
        onOrder={order}
      />
      <ProblemNotice error={send.error} />
      <h3>{m.list}</h3>
      <LoadedPages pages={pages} empty={<p className="soft">{m.empty}</p>}>
        {(commands) => (
          <ol className="command-rows" aria-live="polite">
            {commands.map((command) => (
              <CommandRow key={command.id} command={command} zone={zone} onShow={() => setShown(command.id)} />
            ))}
          </ol>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
      {opened && <CommandFile command={opened} zone={zone} onClose={() => setShown(null)} />}
    </section>
  );
}
