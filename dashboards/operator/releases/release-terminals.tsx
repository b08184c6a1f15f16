import type { ReleaseTerminal } from '@gatecast/cloud-api/client';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { useMessages } from '../messages/zh.ts';

const refetchMs = 15_000;
const tone: Record<ReleaseTerminal['state'], string> = { applied: 'is-good', pending: 'is-warn', failed: 'is-bad' };

/** The terminals that were last given a release: what they run, and why they did not take it. */
export function ReleaseTerminals({ id }: { readonly id: string }) {
  const m = useMessages().releases;
  const format = useFormats();
  const pages = useReadPages(
    'GET /v1/releases/:id/terminals',
    { params: { id }, query: {} },
    { refetchInterval: refetchMs },
  );
  return (
    <>
      <LoadedPages pages={pages} empty={<p className="soft">{m.noTerminals}</p>}>
        {(terminals) => (
          <ul className="release-terminals">
            {terminals.map((terminal) => (
              <li key={terminal.terminalId}>
                <span>
                  <b>{terminal.entranceName}</b>
                  <span className="soft">
                    {terminal.communityName} · {terminal.name}
                  </span>
                </span>
                <span className="soft digits">
                  {terminal.agentVersion !== null && `${m.runs(terminal.agentVersion)} · `}
                  {m.given(format.dateTime(terminal.assignedAt, homeZone))}
                </span>
                <span className={`badge ${tone[terminal.state]}`}>{m.state[terminal.state]}</span>
                {terminal.reason !== null && (
                  <span className="release-reason">{m.reasons[terminal.reason] ?? terminal.reason}</span>
                )}
              </li>
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}
