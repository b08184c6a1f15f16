import { Link } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { CommandsCard } from '../../kit/console/terminal/commands/commands-card.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Loaded } from '../../kit/ui/states.tsx';
import { TerminalStanding } from '../fleet/terminal-standing.tsx';
import { useMessages } from '../messages/zh.ts';

/** Live events come first; this is for what they missed. */
const refetchMs = 30_000;

/** One terminal from the operator's desk: what can be done to it from afar, and what became of it. */
export function CommandsPage({ id }: { readonly id: string }) {
  const { terminals: words, nav } = useMessages();
  const query = useRead('GET /v1/terminals/:id', { params: { id } }, { refetchInterval: refetchMs });
  return (
    <>
      <Link href="/" className="fleet-back">
        <Icon name="back" /> {nav.fleet}
      </Link>
      <Loaded query={query}>
        {(terminal) => (
          <>
            <div className="page-head">
              <div>
                <h1>{terminal.entranceName}</h1>
                <p>
                  {terminal.communityName} · {words.placement[terminal.placement]} · {terminal.name}
                </p>
                <TerminalStanding terminal={terminal} />
              </div>
            </div>
            <CommandsCard terminal={terminal} mayOpen mayRestartMachine />
          </>
        )}
      </Loaded>
    </>
  );
}
