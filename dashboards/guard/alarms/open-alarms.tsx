import type { Alarm } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useReadPages } from '../../kit/api/api-context.tsx';
import { useLiveState } from '../../kit/live/live-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Bones } from '../../kit/ui/skeleton.tsx';
import { Failed } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/use-messages.ts';
import { AlarmCard } from './alarm-card.tsx';
import { isLoud, sortAlarms } from './alarm-order.ts';
import { useRinging } from './use-ringing.ts';
import './alarms.css';

/** Live events come at once; without them, and for what they missed, this asks again. */
const refetchMs = { live: 15_000, other: 4_000 };
const alarmsMax = 50;

/** The alarms that go on or that nobody has taken; the phone rings for the urgent ones on whichever page. */
function useOpenAlarms() {
  const live = useLiveState() === 'live';
  const { items, query } = useReadPages(
    'GET /v1/alarms',
    { query: { state: 'open', limit: alarmsMax } },
    { refetchInterval: live ? refetchMs.live : refetchMs.other },
  );
  const sorted = sortAlarms(items);
  useRinging(items.some(isLoud), sorted.waiting.length);
  return { ...sorted, query, count: items.length };
}

/** One line above another page: whatever a guard is doing, this comes first. */
export function AlarmStrip() {
  const words = useMessages();
  const { waiting } = useOpenAlarms();
  const [first] = waiting;
  return (
    <div role="alert">
      {first && (
        <Link href="/" className="alarm-strip">
          <Icon name="alert" size={26} />
          <span>
            {words.kinds[first.kind]} · {first.entranceName}
            {waiting.length > 1 && ` · ${words.count(waiting.length)}`}
          </span>
          <Icon name="forward" />
        </Link>
      )}
    </div>
  );
}

/** What is wrong now, on top of the page of those on watch. */
export function OpenAlarms() {
  const words = useMessages();
  const { waiting, others, query, count } = useOpenAlarms();
  return (
    <section className="alarms" aria-labelledby="alarms">
      <h2 id="alarms" className="guard-title">
        {words.alarms} {waiting.length > 0 && <span className="badge is-bad">{words.count(waiting.length)}</span>}
      </h2>
      {query.isPending && <Bones heights={[96]} />}
      {query.error && count === 0 && <Failed error={query.error} retry={query.refetch} />}
      <div role="alert">
        <Cards alarms={waiting} />
      </div>
      {query.isSuccess && count === 0 && <Quiet />}
      <Cards alarms={others} />
      {query.hasNextPage && (
        <button
          type="button"
          className="button is-wide"
          disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {words.moreAlarms}
        </button>
      )}
    </section>
  );
}

const Cards = ({ alarms }: { readonly alarms: readonly Alarm[] }) =>
  alarms.length > 0 && (
    <ul className="alarm-list">
      {alarms.map((alarm) => (
        <li key={alarm.id}>
          <AlarmCard alarm={alarm} />
        </li>
      ))}
    </ul>
  );

function Quiet() {
  const words = useMessages();
  return (
    <div className="alarms-quiet">
      <Icon name="shield" size={34} />
      <b>{words.quiet}</b>
      <p>{words.quietHint}</p>
    </div>
  );
}
