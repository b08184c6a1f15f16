import { App, Button } from 'antd';
import type { SettingsTemplate } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { ListPage } from '../../kit/console/list-page.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { settingText, templateFields } from './settings-text.ts';
import { TakeTemplate } from './take-template.tsx';
import { useTemplateWords } from './template-words.ts';
import './templates.css';

/** Settings that many doors share. */
export function TemplatesPage() {
  const m = useTemplateWords();
  const [taking, setTaking] = useState(false);
  const pages = useReadPages('GET /v1/settings-templates', { query: {} });
  return (
    <>
      <ListPage
        title={m.title}
        intro={m.intro}
        add={{ label: m.make, icon: 'plus', onClick: () => setTaking(true) }}
        pages={pages}
        empty={{ icon: 'copy', title: m.empty, hint: m.emptyHint }}
      >
        {(templates) => (
          <ul className="template-rows">
            {templates.map((each) => (
              <Row key={each.id} template={each} />
            ))}
          </ul>
        )}
      </ListPage>
      <TakeTemplate open={taking} onClose={() => setTaking(false)} />
    </>
  );
}

function Row({ template: { id, name, settings } }: { readonly template: SettingsTemplate }) {
  const m = useTemplateWords();
  const { schedules } = useMessages().doors;
  const { modal } = App.useApp();
  const [, go] = useLocation();
  const remove = useWrite('DELETE /v1/settings-templates/:id', ['GET /v1/settings-templates']);
  const ask = (): void =>
    void modal.confirm({
      title: m.removeTitle(name),
      content: m.removeText,
      okText: m.remove,
      okButtonProps: { danger: true },
      cancelText: m.cancel,
      onOk: () => remove.mutate({ params: { id } }),
    });
  return (
    <li className="card template-row">
      <h2>{name}</h2>
      <dl className="facts">
        {templateFields
          .filter((field) => settings[field] !== undefined)
          .map((field) => (
            <div key={field}>
              <dt>{m.field[field]}</dt>
              <dd>{settingText(field, settings[field], m, schedules)}</dd>
            </div>
          ))}
      </dl>
      <ProblemNotice error={remove.error} />
      <div className="row">
        <Button type="primary" size="large" onClick={() => go(`/templates/${id}`)}>
          {m.apply}
        </Button>
        <Button danger size="large" loading={remove.isPending} onClick={ask}>
          {m.remove}
        </Button>
      </div>
    </li>
  );
}
