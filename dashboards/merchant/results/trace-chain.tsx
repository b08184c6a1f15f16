import type { Trace } from '@gatecast/cloud-api/client';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { Empty } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useResultWords } from './result-words.ts';
import { traceHops, type Hop } from './trace-hops.ts';

export function TraceChains({ traces }: { readonly traces: readonly Trace[] }) {
  const words = useResultWords();
  if (traces.length === 0) {
    return (
      <Empty icon="qr" title={words.noTraces}>
        <p>{words.noTracesHint}</p>
      </Empty>
    );
  }
  return (
    <ul className="stack">
      {traces.map((trace) => (
        <li key={trace.visitId}>
          <TraceChain trace={trace} />
        </li>
      ))}
    </ul>
  );
}

const icons: Record<Hop['name'], IconName> = {
  play: 'screen',
  visit: 'qr',
  order: 'bag',
  paid: 'money',
  pickup: 'check',
};
const nowEveryMs = 60_000;

/** One scan, from the screen to the counter: each hop is lit once it is reached. */
function TraceChain({ trace }: { readonly trace: Trace }) {
  const words = useResultWords();
  const formats = useFormats();
  const now = useNow(nowEveryMs);
  const timeOf = (hop: Hop): string => {
    if (hop.at === null) return hop.reached ? '' : '–';
    return hop.name === 'play' ? formats.halfHour(hop.at, homeZone) : formats.time(hop.at, homeZone);
  };
  return (
    <article className="card trace">
      <p className="row spread">
        <span className="soft">
          {trace.communityName} · {trace.entranceName}
        </span>
        <span className="digits soft">{formats.timeOrDate(trace.visit.at, now, homeZone)}</span>
      </p>
      <ol className="trace-hops">
        {traceHops(trace).map((hop) => (
          <li key={hop.name} className={hop.reached ? 'is-reached' : ''}>
            <span className="trace-dot">
              <Icon name={icons[hop.name]} size={18} />
            </span>
            <span className="trace-name">{words.hop[hop.name]}</span>
            <span className="trace-time digits">{timeOf(hop)}</span>
            {!hop.reached && <span className="visually-hidden">{words.notReached}</span>}
          </li>
        ))}
      </ol>
      {trace.order && (
        <p className="row spread trace-order">
          <span>{trace.dealTitle}</span>
          <strong className="digits">{formats.money(trace.order.totalFen)}</strong>
        </p>
      )}
    </article>
  );
}
