import { Button, DatePicker, Select } from 'antd';
import type { AuditEntry } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useReadPages } from '../../api/api-context.tsx';
import { homeZone } from '../../format.ts';
import { useFormats } from '../../i18n/language-context.tsx';
import { LoadedPages } from '../../ui/loaded-pages.tsx';
import { Empty } from '../../ui/states.tsx';
import { LoadMore } from '../load-more.tsx';
import { SearchBox } from '../search-box.tsx';
import { useAccountWords } from './account-words.ts';
import { useAuditActions } from './audit-actions.ts';
import './account.css';

const pageSize = 100;
/** An id tells nobody at a desk anything. */
const isId = /^[a-z]{2,5}_[0-9a-z]{20}$/;

interface Filter {
  readonly actor?: string;
  readonly action?: string;
  readonly subject?: string;
  readonly from?: number;
  readonly to?: number;
}

/** Another page leads here with the thing that it is about. */
function filterOfAddress(): Filter {
  const subject = new URLSearchParams(location.search).get('subject');
  return subject === null ? {} : { subject };
}

/** Who did what, newest first; facts that explain a row stand behind it. */
export function AuditPage() {
  const m = useAccountWords().audit;
  const [filter, setFilter] = useState<Filter>(filterOfAddress);
  const pages = useReadPages('GET /v1/audit', { query: { limit: pageSize, ...filter } });
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
      </div>
      <Filters filter={filter} onChange={setFilter} />
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="list" title={isFiltered ? m.emptyFilter : m.empty}>
            {isFiltered && (
              <Button size="large" onClick={() => setFilter({})}>
                {m.clear}
              </Button>
            )}
          </Empty>
        }
      >
        {(entries) => (
          <ol className="card audit-rows">
            {entries.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ol>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}

function Entry({ entry }: { readonly entry: AuditEntry }) {
  const m = useAccountWords();
  const actions = useAuditActions();
  const format = useFormats();
  const { at, actor, action, subject, subjectName, facts } = entry;
  const details = Object.entries(facts)
    .filter(([, value]) => !(typeof value === 'string' && isId.test(value)))
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');
  return (
    <li>
      <time className="digits soft" dateTime={new Date(at).toISOString()}>
        {format.dateTime(at, homeZone)}
      </time>
      <b>{actor?.name ?? m.audit.program}</b>
      <span>{actions[action] ?? action}</span>
      <span className="audit-subject" title={subject}>
        {subjectName ?? <span className="soft digits">{subject}</span>}
      </span>
      {details && <span className="soft audit-facts">{details}</span>}
    </li>
  );
}

/** What is not filtered by is not named. */
function Filters({ filter, onChange }: { readonly filter: Filter; readonly onChange: (filter: Filter) => void }) {
  const m = useAccountWords().audit;
  const actions = useAuditActions();
  const team = useReadPages('GET /v1/team', { query: {} });
  const { actor, action, subject, ...times } = filter;
  const span = { ...times, ...(subject !== undefined && { subject }) };
  return (
    <div className="row audit-filters">
      <Select
        aria-label={m.by}
        value={actor ?? ''}
        options={[{ value: '', label: m.everyone }, ...team.items.map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={(value) => onChange({ ...span, ...(action && { action }), ...(value && { actor: value }) })}
      />
      <Select
        aria-label={m.action}
        value={action ?? ''}
        showSearch={{ optionFilterProp: 'label' }}
        options={[
          { value: '', label: m.everything },
          ...Object.entries(actions).map(([value, label]) => ({ value, label })),
        ]}
        onChange={(value) => onChange({ ...span, ...(actor && { actor }), ...(value && { action: value }) })}
      />
      <SearchBox
        value={subject ?? ''}
        label={m.subject}
        onSettled={(id) =>
          onChange({ ...times, ...(actor && { actor }), ...(action && { action }), ...(id && { subject: id }) })
        }
      />
      <DatePicker.RangePicker
        aria-label={`${m.from} ${m.to}`}
        placeholder={[m.from, m.to]}
        allowEmpty={[true, true]}
        onChange={(days) => {
          const [from, to] = [days?.[0]?.startOf('day').valueOf(), days?.[1]?.endOf('day').valueOf()];
          onChange({
            ...(actor && { actor }),
            ...(action && { action }),
            ...(subject && { subject }),
            ...(from !== undefined && { from }),
            ...(to !== undefined && { to }),
          });
        }}
      />
    </div>
  );
}
