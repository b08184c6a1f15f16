import type { FleetCommunity, FleetCounts, FleetSummary } from '@gatecast/cloud-api/client';
import { useState, type ReactNode } from 'react';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { isTroubled, totalOf } from './fleet-counts.ts';
import { FleetRow } from './fleet-row.tsx';
import { useFleetWords } from './fleet-words.ts';

/** Live events come first; this is for what they missed. */
const refetchMs = 15_000;
const pageSize = 200;

/** Company → community → terminal. What is not open is not fetched, so that thousands of rows cost nothing. */
export function FleetTree({ companies }: { readonly companies: FleetSummary['companies'] }) {
  const m = useFleetWords();
  const format = useFormats();
  const only = companies.length === 1;
  return (
    <ul className="fleet-tree">
      {companies.map(({ id, name, communities, counts }) => (
        <li key={id} className="card">
          <Branch title={name} note={m.communities(format.number(communities))} counts={counts} isOpen={only}>
            <Communities companyId={id} />
          </Branch>
        </li>
      ))}
    </ul>
  );
}

interface BranchProps {
  readonly title: string;
  readonly note?: string;
  readonly counts: FleetCounts;
  readonly isOpen?: boolean;
  readonly children: ReactNode;
}

/** A part of the tree; what is in it is made when it is opened. */
function Branch({ title, note, counts, isOpen = false, children }: BranchProps) {
  const [open, setOpen] = useState(isOpen);
  return (
    <details className="fleet-branch" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className="fleet-branch-title">
          <b>{title}</b> {note && <span className="soft">{note}</span>}
        </span>
        <CountWords counts={counts} />
      </summary>
      {open && children}
    </details>
  );
}

function CountWords({ counts }: { readonly counts: FleetCounts }) {
  const m = useFleetWords();
  const format = useFormats();
  const bad = [
    ['offline', counts.offline],
    ['door-fault', counts.doorFault],
    ['issue', counts.withIssues],
  ] as const;
  return (
    <span className="fleet-branch-counts">
      <span className="soft digits">{m.terminals(format.number(totalOf(counts)))}</span>
      {bad
        .filter(([, n]) => n > 0)
        .map(([state, n]) => (
          <span key={state} className={`badge ${state === 'offline' ? 'is-bad' : 'is-warn'}`}>
            {m.counts[state]} <b className="digits">{format.number(n)}</b>
          </span>
        ))}
      {!isTroubled(counts) && counts.online > 0 && (
        <span className="badge is-good">
          <Icon name="check" size={15} /> {m.allWell}
        </span>
      )}
    </span>
  );
}

function Communities({ companyId }: { readonly companyId: string }) {
  const pages = useReadPages(
    'GET /v1/fleet/communities',
    { query: { companyId, limit: pageSize } },
    { refetchInterval: refetchMs },
  );
  return (
    <>
      <LoadedPages pages={pages} empty={null}>
        {(communities) => <CommunityBranches communities={communities} />}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}

function CommunityBranches({ communities }: { readonly communities: readonly FleetCommunity[] }) {
  return (
    <ul className="fleet-communities">
      {communities.map(({ id, name, counts }) => (
        <li key={id}>
          <Branch title={name} counts={counts} isOpen={communities.length === 1}>
            <Terminals communityId={id} />
          </Branch>
        </li>
      ))}
    </ul>
  );
}

function Terminals({ communityId }: { readonly communityId: string }) {
  const m = useFleetWords();
  const pages = useReadPages(
    'GET /v1/fleet/terminals',
    { query: { communityId, limit: pageSize } },
    { refetchInterval: refetchMs },
  );
  return (
    <>
      <LoadedPages pages={pages} empty={<p className="soft fleet-none">{m.noTerminals}</p>}>
        {(terminals) => (
          <ul className="fleet-rows">
            {terminals
              .toSorted((a, b) => a.entranceName.localeCompare(b.entranceName, 'zh', { numeric: true }))
              .map((terminal) => (
                <FleetRow key={terminal.id} terminal={terminal} />
              ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}
