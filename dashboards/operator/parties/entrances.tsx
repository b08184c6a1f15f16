import { Form, Select } from 'antd';
import type { Community, Entrance } from '@gatecast/cloud-api/client';
import { useId, useState } from 'react';
import { useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { PartyForm, TextField } from './party-form.tsx';
import { PartyList } from './party-list.tsx';

const placements = ['gate', 'unit-door', 'lift'] as const;
const listMax = 200;

/** The doors of one community. */
export function Entrances() {
  const m = useMessages().parties;
  const pages = useReadPages('GET /v1/communities', { query: { limit: listMax } });
  return (
    <LoadedPages pages={pages} empty={<Empty icon="place" title={m.noCommunities} />}>
      {(communities) => <EntrancesOfChosen communities={communities} />}
    </LoadedPages>
  );
}

function EntrancesOfChosen({ communities }: { readonly communities: readonly Community[] }) {
  const m = useMessages().parties;
  const id = useId();
  const [chosen, setChosen] = useState(communities[0]?.id ?? '');
  return (
    <div className="stack">
      <div className="row">
        <label htmlFor={id}>{m.community}</label>
        <Select
          id={id}
          value={chosen}
          onChange={setChosen}
          options={communities.map((each) => ({ value: each.id, label: each.name }))}
          style={{ minWidth: 200 }}
        />
      </div>
      <EntranceList key={chosen} communityId={chosen} />
    </div>
  );
}

function EntranceList({ communityId }: { readonly communityId: string }) {
  const { parties: m, terminals: words } = useMessages();
  const pages = useReadPages('GET /v1/communities/:id/entrances', { params: { id: communityId }, query: {} });
  return (
    <PartyList
      pages={pages}
      icon="door"
      empty={m.noEntrances}
      add={m.addEntrance}
      nameOf={(entrance) => entrance.name}
      keyOf={(entrance) => entrance.id}
      about={(entrance) => words.placement[entrance.placement]}
      renderForm={(close) => <EntranceForm communityId={communityId} onDone={close} />}
    />
  );
}

function EntranceForm({ communityId, onDone }: { readonly communityId: string; readonly onDone: () => void }) {
  const { parties: m, terminals: words } = useMessages();
  const { kit } = useWords();
  const create = useWrite('POST /v1/communities/:id/entrances', ['GET /v1/communities/:id/entrances']);
  return (
    <PartyForm<Pick<Entrance, 'name' | 'placement'>>
      write={create}
      onSubmit={(body) => create.mutateAsync({ params: { id: communityId }, body })}
      onDone={onDone}
    >
      <TextField name="name" label={m.entranceName} />
      <Form.Item name="placement" label={m.placement} rules={[{ required: true, message: kit.requiredField }]}>
        <Select options={placements.map((value) => ({ value, label: words.placement[value] }))} />
      </Form.Item>
    </PartyForm>
  );
}
