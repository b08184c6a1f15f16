import { Button } from 'antd';
import type { FleetState } from '@gatecast/cloud-api/client';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { FleetRow } from './fleet-row.tsx';
import { useFleetWords, type HealthIssue } from './fleet-words.ts';

export interface FleetFilter {
  readonly state?: FleetState;
  readonly issue?: HealthIssue;
  readonly version?: string;
  readonly search?: string;
}

/** Live events come first; this is for what they missed. */
const refetchMs = 15_000;
const pageSize = 50;

/** Terminals that fit, wherever they are. */
export function FleetList({ filter, onClear }: { readonly filter: FleetFilter; readonly onClear: () => void }) {
  const m = useFleetWords();
  const query = { ...filter, limit: pageSize };
  const pages = useReadPages('GET /v1/fleet/terminals', { query }, { refetchInterval: refetchMs });
  return (
    <>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="screen" title={m.nothing}>
            <p>{m.nothingHint}</p>
            <Button size="large" onClick={onClear}>
              {m.clear}
            </Button>
          </Empty>
        }
      >
        {(terminals) => (
          <ul className="fleet-rows card">
            {terminals.map((terminal) => (
              <FleetRow key={terminal.id} terminal={terminal} withPlace />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}
