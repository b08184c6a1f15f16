import { Button, Select } from 'antd';
import type { FleetState, FleetSummary } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useRead } from '../../kit/api/api-context.tsx';
import { AddTerminal } from '../../kit/console/terminal/add-terminal.tsx';
import { SearchBox } from '../../kit/console/search-box.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { FleetList, type FleetFilter } from './fleet-list.tsx';
import { FleetTree } from './fleet-tree.tsx';
import { useFleetWords, type HealthIssue } from './fleet-words.ts';
import { countOf, shownStates } from './fleet-counts.ts';
import './fleet.css';

/** Live events come first; this is for what they missed. */
const refetchMs = 15_000;

/** The whole fleet as a tree by company and community, or, as soon as something is looked for, as a list. */
export function FleetPage() {
  const m = useMessages().fleet;
  const [adding, setAdding] = useState(false);
  const summary = useRead('GET /v1/fleet/summary', {}, { refetchInterval: refetchMs });
  const addButton = (
    <Button type="primary" size="large" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>
      {m.add}
    </Button>
  );
  const total = summary.data && Object.values(summary.data.counts).some((n) => n > 0);
  return (
    <>
      <div className="page-head">
        <h1>{m.title}</h1>
        {total && addButton}
      </div>
      <Loaded query={summary}>
        {(fleet) =>
          total ? (
            <Fleet fleet={fleet} />
          ) : (
            <Empty icon="screen" title={m.empty}>
              <p>{m.emptyHint}</p>
              {addButton}
            </Empty>
          )
        }
      </Loaded>
      <AddTerminal open={adding} onClose={() => setAdding(false)} />
    </>
  );
}

function Fleet({ fleet }: { readonly fleet: FleetSummary }) {
  const [filter, setFilter] = useState<FleetFilter>({});
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <>
      <Counts fleet={fleet} filter={filter} onChange={setFilter} />
      <Filters fleet={fleet} filter={filter} onChange={setFilter} />
      {isFiltered ? (
        <FleetList filter={filter} onClear={() => setFilter({})} />
      ) : (
        <FleetTree companies={fleet.companies} />
      )}
    </>
  );
}

interface FilterProps {
  readonly fleet: FleetSummary;
  readonly filter: FleetFilter;
  readonly onChange: (filter: FleetFilter) => void;
}

/** How many stand how; pressing a number shows those only. */
function Counts({ fleet, filter, onChange }: FilterProps) {
  const m = useFleetWords();
  const format = useFormats();
  const toggle = (state: FleetState): void => {
    const { state: before, ...rest } = filter;
    onChange(before === state ? rest : { ...rest, state });
  };
  return (
    <div className="fleet-counts">
      {shownStates(fleet.counts).map((state) => (
        <button
          key={state}
          type="button"
          className={`card fleet-count is-${countOf(fleet.counts, state) === 0 ? 'none' : state}`}
          aria-pressed={filter.state === state}
          onClick={() => toggle(state)}
        >
          <strong className="digits">{format.number(countOf(fleet.counts, state))}</strong>
          {m.counts[state]}
        </button>
      ))}
    </div>
  );
}

/** What is not filtered by is not named. */
function Filters({ fleet, filter, onChange }: FilterProps) {
  const m = useFleetWords();
  const format = useFormats();
  const { search, version, issue, ...rest } = filter;
  return (
    <>
      <div className="fleet-filters">
        <SearchBox
          value={search ?? ''}
          label={m.search}
          onSettled={(text) =>
            onChange({ ...rest, ...(version && { version }), ...(issue && { issue }), ...(text && { search: text }) })
          }
        />
        {fleet.versions.length > 1 && (
          <Select
            size="large"
            aria-label={m.version}
            value={version ?? ''}
            options={[
              { value: '', label: m.anyVersion },
              ...fleet.versions.map((one) => ({
                value: one.version,
                label: m.versionCount(one.version, format.number(one.terminals)),
              })),
            ]}
            onChange={(value) =>
              onChange({
                ...rest,
                ...(search && { search }),
                ...(issue && { issue }),
                ...(value && { version: value }),
              })
            }
          />
        )}
      </div>
      {fleet.issues.length > 0 && (
        <ul className="fleet-issues">
          {fleet.issues.map((one) => (
            <li key={one.issue}>
              <IssueChip
                issue={one.issue}
                terminals={one.terminals}
                pressed={issue === one.issue}
                onPress={() =>
                  onChange({
                    ...rest,
                    ...(search && { search }),
                    ...(version && { version }),
                    ...(issue !== one.issue && { issue: one.issue }),
                  })
                }
              />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

interface IssueChipProps {
  readonly issue: HealthIssue;
  readonly terminals: number;
  readonly pressed: boolean;
  readonly onPress: () => void;
}

function IssueChip({ issue, terminals, pressed, onPress }: IssueChipProps) {
  const m = useFleetWords();
  const format = useFormats();
  return (
    <button type="button" className="fleet-issue" aria-pressed={pressed} onClick={onPress}>
      {m.issues[issue]} <b className="digits">{format.number(terminals)}</b>
    </button>
  );
}
