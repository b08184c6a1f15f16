import { Button } from 'antd';
import type { Entrance } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { useCommunityWords } from './community-words.ts';
import { EntranceDialog } from './entrance-dialog.tsx';
import './community.css';

/** The doors of the community: a new one, or another name for one. */
export function Entrances({ communityId }: { readonly communityId: string }) {
  const m = useCommunityWords();
  const { placement } = useMessages().terminals;
  const [edited, setEdited] = useState<Entrance | 'new' | null>(null);
  const pages = useReadPages('GET /v1/communities/:id/entrances', { params: { id: communityId }, query: {} });
  const addButton = (
    <Button size="large" icon={<Icon name="plus" />} onClick={() => setEdited('new')}>
      {m.addEntrance}
    </Button>
  );
  return (
    <section className="card stack">
      <div className="row spread">
        <h2>{m.entrances}</h2>
        {pages.items.length > 0 && addButton}
      </div>
      <p className="soft">{m.entrancesHint}</p>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="door" title={m.noEntrances}>
            {addButton}
          </Empty>
        }
      >
        {(entrances) => (
          <ul className="entrance-rows">
            {entrances.map((entrance) => (
              <li key={entrance.id}>
                <b>{entrance.name}</b>
                <span className="soft">{placement[entrance.placement]}</span>
                <Button aria-label={m.renameTitle(entrance.name)} onClick={() => setEdited(entrance)}>
                  {m.rename}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
      <EntranceDialog communityId={communityId} edited={edited} onClose={() => setEdited(null)} />
    </section>
  );
}
