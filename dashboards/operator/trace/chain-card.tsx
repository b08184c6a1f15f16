import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/zh.ts';
import { HopText } from './hop-text.tsx';
import type { TraceNames } from './names.ts';
import type { Chain, Hop, HopKind } from './trace-items.ts';

const icons: Record<HopKind, IconName> = {
  door: 'doorOpen',
  touch: 'hand',
  play: 'play',
  visit: 'qr',
  order: 'bag',
  paid: 'money',
  group: 'people',
  pickup: 'box',
};

/** The five stations that everybody understands, and the steps that reach them. */
const stations: readonly (readonly [
  station: 'door' | 'play' | 'visit' | 'order' | 'pickup',
  steps: readonly HopKind[],
])[] = [
  ['door', ['door', 'touch']],
  ['play', ['play']],
  ['visit', ['visit']],
  ['order', ['order', 'paid', 'group']],
  ['pickup', ['pickup']],
];

interface ChainCardProps {
  readonly chain: Chain;
  readonly names: TraceNames;
  readonly now: number;
}

export function ChainCard({ chain, names, now }: ChainCardProps) {
  const m = useMessages().trace;
  const format = useFormats();
  const place = chain.hops.map(({ event }) => names.place(event)).find(Boolean);
  return (
    <li className="chain card">
      <header>
        <h2>{place ?? m.somewhere}</h2>
        <time className="soft digits">{format.relative(chain.lastAt, now)}</time>
      </header>
      <Stations chain={chain} />
      <ol className="hops">
        {chain.hops.map((hop) => (
          <HopRow key={`${hop.kind}-${hop.event.subject}-${hop.event.id}`} hop={hop} names={names} now={now} />
        ))}
      </ol>
    </li>
  );
}

function Stations({ chain }: { readonly chain: Chain }) {
  const m = useMessages().trace;
  return (
    <ol className="stations">
      {stations.map(([station, steps]) => {
        const reached = chain.hops.some(({ kind }) => steps.includes(kind));
        return (
          <li key={station} className={`is-${station} ${reached ? 'is-reached' : ''}`}>
            <span className="station-mark">
              <Icon name={icons[station]} size={16} />
            </span>
            {m.stations[station]}
          </li>
        );
      })}
    </ol>
  );
}

function HopRow({ hop, names, now }: { readonly hop: Hop; readonly names: TraceNames; readonly now: number }) {
  const format = useFormats();
  return (
    <li className={`hop is-${hop.kind}`}>
      <span className="hop-mark">
        <Icon name={icons[hop.kind]} size={18} />
      </span>
      <HopText hop={hop} names={names} />
      <time className="soft digits">{format.relative(hop.event.at, now)}</time>
    </li>
  );
}
