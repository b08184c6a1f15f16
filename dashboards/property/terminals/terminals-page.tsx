import { Button } from 'antd';
import type { Terminal } from '@gatecast/cloud-api/client';
import { useLocation } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { DoorPicture } from '../../kit/console/terminal/door-picture.tsx';
import { StatusWord } from '../../kit/console/terminal/status-word.tsx';
import { VersionChips } from '../../kit/console/terminal/version-chips.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useAddTerminalPageWords } from '../add-terminal/words.ts';
import { useCommunity } from '../community-context.tsx';
import { CommunityModeButtons } from '../doors/community-mode.tsx';
import { DoorStanding } from '../doors/door-standing.tsx';
import { useMessages } from '../messages/zh.ts';
import { OpenDoorButton } from './open-door.tsx';
import { SettingsSummary } from './settings-summary.tsx';
import './terminals.css';

/** Live events come first; asking again now and then is for what they missed. */
const refetchMs = 30_000;

export function TerminalsPage() {
  const m = useMessages().terminals;
  const { community } = useCommunity();
  const pages = useReadPages(
    'GET /v1/terminals',
    { query: community ? { communityId: community.id } : {} },
    { refetchInterval: refetchMs },
  );
  const [, go] = useLocation();
  const { link } = useAddTerminalPageWords();
  const addButton = (
    <Button size="large" icon={<Icon name="plus" />} onClick={() => go('/terminals/add')}>
      {link}
    </Button>
  );
  const online = pages.items.filter((terminal) => terminal.online).length;
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          {pages.items.length > 0 && <p>{m.summary(online, pages.items.length)}</p>}
        </div>
        {community && pages.items.length > 0 && (
          <div className="row">
            {addButton}
            <CommunityModeButtons community={community} terminals={pages.items} />
          </div>
        )}
      </div>
      <LoadedPages
        pages={pages}
        empty={
          <Empty icon="door" title={m.empty}>
            <p>{m.emptyHint}</p>
            {community && addButton}
          </Empty>
        }
      >
        {(terminals) => (
          <ul className="terminal-cards">
            {terminals.map((terminal) => (
              <TerminalCard key={terminal.id} terminal={terminal} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}

function TerminalCard({ terminal }: { readonly terminal: Terminal }) {
  const m = useMessages().terminals;
  const [, go] = useLocation();
  return (
    <li className="card terminal-card">
      <div className="terminal-card-head">
        <DoorPicture terminal={terminal} words={m} />
        <div>
          <h2>{terminal.entranceName}</h2>
          <p className="soft">
            {m.placement[terminal.placement]} · {terminal.name}
          </p>
          <StatusWord terminal={terminal} words={m} />
        </div>
      </div>
      <DoorStanding terminal={terminal} />
      <SettingsSummary terminal={terminal} />
      <VersionChips documents={terminal.documents} words={m} />
      <div className="terminal-card-actions">
        <OpenDoorButton terminal={terminal} />
        <Button size="large" onClick={() => go(`/terminals/${terminal.id}`)}>
          {m.details}
        </Button>
      </div>
    </li>
  );
}
