import type { Vitals, VitalsSample } from '@gatecast/cloud-api/client';
import { useRead } from '../../kit/api/api-context.tsx';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Loaded } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { ConverterPart } from './converter-part.tsx';
import { bytesText, useHealthWords } from './health-words.ts';
import { LineChart } from './line-chart.tsx';
import './health.css';

const refetchMs = 10_000;

/** How the pipe to the terminals and the way of their journals do, in figures of the programs themselves. */
export function VitalsPage() {
  const m = useHealthWords();
  const query = useRead('GET /v1/fleet/vitals', {}, { refetchInterval: refetchMs });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.vitals}</h1>
          <p>{m.vitalsIntro}</p>
        </div>
      </div>
      <Loaded query={query}>
        {(vitals) => (
          <>
            <BrokerPart vitals={vitals} />
            <IngestPart vitals={vitals} />
            <ConverterPart />
            <Program program={vitals.program} />
          </>
        )}
      </Loaded>
    </>
  );
}

function BrokerPart({ vitals }: { readonly vitals: Vitals }) {
  const m = useHealthWords();
  const format = useFormats();
  const { connected, figures, refusals } = vitals.broker;
  const series = (name: keyof NonNullable<VitalsSample['broker']>) =>
    vitals.samples.map(({ at, broker }) => ({ at, value: broker?.[name] ?? null }));
  const rate = (n: number) => m.perSecond(format.number(Math.round(n * 10) / 10));
  const charts = [
    ['connections', m.connections, format.number],
    ['messagesPerSecond', m.messages, rate],
    ['bytesPerSecond', m.bytes, (n: number) => m.perSecond(bytesText(n))],
    ['refusalsPerSecond', m.refusals, rate],
  ] as const;
  return (
    <section className="health-part">
      <h2>{m.broker}</h2>
      <p className={`notice ${connected ? 'is-good' : 'is-bad'}`}>
        <Icon name={connected ? 'check' : 'alert'} /> <span>{connected ? m.brokerUp : m.brokerDown}</span>
      </p>
      {figures === 'known' ? (
        <>
          <Charts sampleMs={vitals.sampleMs} charts={charts.map(([name, title, say]) => [title, series(name), say])} />
          <div className="card">
            <h3>{m.refusedSince}</h3>
            {refusals.length === 0 ? (
              <p className="soft">{m.noRefusals}</p>
            ) : (
              <ul className="vital-refusals">
                {refusals.map(({ code, count }) => (
                  <li key={code}>
                    <span title={code}>{m.refusalWords[code] ?? code}</span>{' '}
                    <b className="digits">{format.number(count)}</b>
                  </li>
                ))}
              </ul>
            )}
          </div>
        </>
      ) : (
        <p className="notice is-warn">
          <Icon name="alert" /> <span>{figures === 'unset' ? m.unset : m.unreachable}</span>
        </p>
      )}
    </section>
  );
}

/** Of several programs behind one address each look may be at another. */
function Program({ program: { name, startedAt } }: { readonly program: Vitals['program'] }) {
  const m = useHealthWords();
  const format = useFormats();
  const now = useNow(refetchMs);
  return <p className="soft">{m.program(name, format.relative(startedAt, now))}</p>;
}

function IngestPart({ vitals }: { readonly vitals: Vitals }) {
  const m = useHealthWords();
  const format = useFormats();
  const { backlogRows, backlogTerminals } = vitals.ingest;
  const series = (read: (sample: VitalsSample) => number | null) =>
    vitals.samples.map((sample) => ({ at: sample.at, value: read(sample) }));
  return (
    <section className="health-part">
      <h2>{m.ingest}</h2>
      <div className="vital-facts">
        <p className="card vital-fact">
          <span>{m.backlog}</span>
          <strong className="digits">{format.number(backlogRows)}</strong>
          <span className="soft">{m.backlogAt(format.number(backlogTerminals))}</span>
        </p>
      </div>
      <Charts
        sampleMs={vitals.sampleMs}
        charts={[
          [
            m.rows,
            series(({ ingest }) => ingest.rowsPerSecond),
            (n) => m.perSecond(format.number(Math.round(n * 10) / 10)),
          ],
          [m.lag, series(({ ingest }) => ingest.lagMs), (n) => `${format.number(Math.round(n))} ms`],
        ]}
      />
    </section>
  );
}

type Chart = readonly [
  title: string,
  points: readonly { readonly at: number; readonly value: number | null }[],
  say: (n: number) => string,
];

function Charts({ charts, sampleMs }: { readonly charts: readonly Chart[]; readonly sampleMs: number }) {
  const m = useHealthWords();
  if ((charts[0]?.[1].length ?? 0) < 2) return <p className="soft">{m.tooFew}</p>;
  return (
    <div className="chart-grid">
      {charts.map(([title, points, say]) => {
        const newest = points.findLast(({ value }) => value !== null)?.value;
        return (
          <LineChart
            key={title}
            title={title}
            value={newest === undefined || newest === null ? m.none : say(newest)}
            points={points}
            gapMs={sampleMs * 3}
            say={say}
          />
        );
      })}
    </div>
  );
}
