import { Button, Checkbox } from 'antd';
import { ApiError, type SettingsTemplate, type TemplatePreview } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link } from 'wouter';
import { useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { useAllPages } from '../../kit/api/use-all-pages.ts';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty, ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { settingText } from './settings-text.ts';
import { useTemplateWords } from './template-words.ts';
import './templates.css';

const atOnce = 200;

/** Choose doors, see what would change at each, then change them: nothing happens unseen. */
export function ApplyTemplatePage({ id }: { readonly id: string }) {
  const m = useTemplateWords();
  const pages = useReadPages('GET /v1/settings-templates', { query: { limit: atOnce } });
  return (
    <>
      <Link href="/templates" className="back-link">
        <Icon name="back" />
        {m.back}
      </Link>
      <LoadedPages pages={pages} empty={<Empty icon="copy" title={m.gone} />}>
        {(templates) => {
          const template = templates.find((each) => each.id === id);
          return template ? <Apply template={template} /> : <Empty icon="copy" title={m.gone} />;
        }}
      </LoadedPages>
    </>
  );
}

function Apply({ template }: { readonly template: SettingsTemplate }) {
  const m = useTemplateWords();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const preview = useWrite('POST /v1/settings-templates/:id/preview');
  const apply = useWrite('POST /v1/settings-templates/:id/apply', ['GET /v1/terminals', 'GET /v1/terminals/:id']);
  const look = (): void => {
    apply.reset();
    preview.mutate({ params: { id: template.id }, body: { terminalIds: [...chosen] } });
  };
  const isStale = apply.error instanceof ApiError && apply.error.problem.code === 'preview-stale';
  const again = (): void => {
    preview.reset();
    apply.reset();
  };
  return (
    <div className="stack">
      <h1>{m.applyTitle(template.name)}</h1>
      {preview.data === undefined && (
        <Choose chosen={chosen} busy={preview.isPending} onChange={setChosen} onLook={look} />
      )}
      <ProblemNotice error={preview.error} />
      {preview.data && !apply.data && (
        <>
          {isStale && <p className="notice is-warn">{m.stale}</p>}
          <Changes preview={preview.data} />
          {!isStale && <ProblemNotice error={apply.error} />}
          <div className="row">
            <Confirm
              preview={preview.data}
              isStale={isStale}
              busy={apply.isPending || preview.isPending}
              onLook={look}
              onApply={(terminalIds) =>
                apply.mutate({ params: { id: template.id }, body: { terminalIds, token: preview.data.token } })
              }
            />
            <Button size="large" onClick={again}>
              {m.again}
            </Button>
          </div>
        </>
      )}
      {apply.data && (
        <section className="card stack">
          <p className="notice is-good">
            <Icon name="check" /> {m.done}
          </p>
          <p className="soft">{m.doneHint}</p>
          <div>
            <Button size="large" onClick={again}>
              {m.again}
            </Button>
          </div>
        </section>
      )}
    </div>
  );
}

interface ChooseProps {
  readonly chosen: readonly string[];
  readonly busy: boolean;
  readonly onChange: (ids: readonly string[]) => void;
  readonly onLook: () => void;
}

function Choose({ chosen, busy, onChange, onLook }: ChooseProps) {
  const m = useTemplateWords();
  const { items } = useAllPages(useReadPages('GET /v1/terminals', { query: { limit: atOnce } }), atOnce);
  const doors = items.filter(({ status }) => status !== 'revoked');
  const isAll = doors.length > 0 && chosen.length === doors.length;
  return (
    <section className="card stack">
      <h2>{m.pick}</h2>
      <p className="soft">{m.pickHint}</p>
      <Checkbox
        checked={isAll}
        indeterminate={chosen.length > 0 && !isAll}
        onChange={() => onChange(isAll ? [] : doors.map(({ id }) => id))}
      >
        {m.all}
      </Checkbox>
      <Checkbox.Group
        className="template-doors"
        value={[...chosen]}
        onChange={onChange}
        options={doors.map(({ id, communityName, entranceName }) => ({
          value: id,
          label: `${communityName} · ${entranceName}`,
        }))}
      />
      <div>
        <Button type="primary" size="large" disabled={chosen.length === 0} loading={busy} onClick={onLook}>
          {m.preview(chosen.length)}
        </Button>
      </div>
    </section>
  );
}

function Changes({ preview }: { readonly preview: TemplatePreview }) {
  const m = useTemplateWords();
  const { kit } = useWords();
  const { schedules } = useMessages().doors;
  const text = (field: string, value: unknown): string => settingText(field, value, m, schedules);
  return (
    <section className="card">
      <h2>{m.changes}</h2>
      <ul className="change-rows">
        {preview.items.map(({ terminalId, name, entranceName, status, changes, fault }) => (
          <li key={terminalId}>
            <div>
              <b>{entranceName}</b> <span className="soft">{name}</span>
              {status !== 'active' && <span className="badge is-warn">{m[status]}</span>}
            </div>
            {fault !== null && (
              <p className="notice is-bad">
                {m.fault}：{kit.problems[fault] ?? fault}
              </p>
            )}
            {fault === null && changes.length === 0 && <p className="soft">{m.same}</p>}
            {fault === null && (
              <dl className="change-list">
                {changes.map(({ field, from, to }) => (
                  <div key={field}>
                    <dt>{m.field[field] ?? field}</dt>
                    <dd>
                      <del>{text(field, from)}</del> <Icon name="forward" size={16} /> <ins>{text(field, to)}</ins>
                    </dd>
                  </div>
                ))}
              </dl>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ConfirmProps {
  readonly preview: TemplatePreview;
  readonly isStale: boolean;
  readonly busy: boolean;
  readonly onLook: () => void;
  readonly onApply: (terminalIds: string[]) => void;
}

function Confirm({ preview, isStale, busy, onLook, onApply }: ConfirmProps) {
  const m = useTemplateWords();
  // The token stands for exactly these doors, those without a change among them.
  const ids = preview.items.map(({ terminalId }) => terminalId);
  const changing = preview.items.filter(({ changes, fault }) => fault === null && changes.length > 0);
  if (isStale) {
    return (
      <Button type="primary" size="large" loading={busy} onClick={onLook}>
        {m.preview(ids.length)}
      </Button>
    );
  }
  if (changing.length === 0) return <p className="notice">{m.nothing}</p>;
  return (
    <Button type="primary" size="large" loading={busy} onClick={() => onApply(ids)}>
      {m.confirm(changing.length)}
    </Button>
  );
}
