import type { Terminal } from '@gatecast/cloud-api/client';
import type { ReactNode } from 'react';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { useAllPages } from '../../kit/api/use-all-pages.ts';
import { useLiveState } from '../../kit/live/live-context.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/use-messages.ts';
import { OpenDoorButton } from './open-door-button.tsx';
import './doors.css';

const refetchMs = { live: 20_000, other: 5_000 };
const pageSize = 200;

/** Every door of one's communities: how it stands, and the button that opens it. */
export function Doors() {
  const words = useMessages();
  const live = useLiveState() === 'live';
  const read = useReadPages(
    'GET /v1/terminals',
    { query: { limit: pageSize } },
    { refetchInterval: live ? refetchMs.live : refetchMs.other },
  );
  const pages = useAllPages(read, pageSize);
  const none = (
    <Empty icon="door" title={words.noDoors}>
      <p>{words.noDoorsHint}</p>
    </Empty>
  );
  return (
    <section className="guard-doors" aria-labelledby="doors">
      <h2 id="doors" className="guard-title">
        {words.doors}
      </h2>
      <LoadedPages pages={pages} empty={none}>
        {(terminals) => <DoorList terminals={terminals.filter(({ status }) => status === 'active')} none={none} />}
      </LoadedPages>
    </section>
  );
}

interface DoorListProps {
  readonly terminals: readonly Terminal[];
  readonly none: ReactNode;
}

function DoorList({ terminals, none }: DoorListProps) {
  const communities = new Set(terminals.map(({ communityId }) => communityId));
  if (terminals.length === 0) return none;
  return (
    <ul className="door-list">
      {terminals.map((terminal) => (
        <li key={terminal.id}>
          <DoorCard terminal={terminal} isOneOfSeveral={communities.size > 1} />
        </li>
      ))}
    </ul>
  );
}

type Standing = Terminal['doors'][number]['state'];
const icons: Readonly<Record<Standing, IconName>> = {
  closed: 'door',
  released: 'unlock',
  open: 'doorOpen',
  'held-open': 'clock',
  forced: 'alert',
  'fire-released': 'flame',
  fault: 'alert',
};
const tones: Readonly<Partial<Record<Standing, string>>> = {
  closed: 'is-good',
  'held-open': 'is-warn',
  forced: 'is-bad',
  'fire-released': 'is-bad',
  fault: 'is-bad',
};

interface DoorCardProps {
  readonly terminal: Terminal;
  /** The name of the community tells two south gates apart. */
  readonly isOneOfSeveral: boolean;
}

function DoorCard({ terminal, isOneOfSeveral }: DoorCardProps) {
  const words = useMessages();
  const { id, online, entranceName, communityName, doors } = terminal;
  const [door] = doors;
  const state = online ? door?.state : undefined;
  const mode = online && door ? words.modes[door.mode] : null;
  return (
    <article className={`door-card ${state ? (tones[state] ?? '') : 'is-away'}`}>
      <Icon name={state ? icons[state] : 'wifi'} size={30} />
      <div>
        <h3>{entranceName}</h3>
        {isOneOfSeveral && <p>{communityName}</p>}
        <p className="door-state">
          {online ? (state ? words.states[state] : words.unknown) : words.doorOffline}
          {mode && <span className="badge is-warn">{mode}</span>}
        </p>
      </div>
      <OpenDoorButton terminalId={id} door={entranceName} isAway={!online} />
    </article>
  );
}
