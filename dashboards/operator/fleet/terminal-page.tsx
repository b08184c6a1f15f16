import { Segmented } from 'antd';
import type { HealthReport, Terminal, TerminalHealth, TrendSpan } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { useCommandWords } from '../../kit/console/terminal/commands/command-words.ts';
import { NewClaimCode } from '../../kit/console/terminal/new-claim-code.tsx';
import { documentNames, documentStateText, documentTone } from '../../kit/console/terminal/version-chips.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { bytesText } from '../health/health-words.ts';
import { LineChart } from '../health/line-chart.tsx';
import { useMessages } from '../messages/zh.ts';
import { useFleetWords } from './fleet-words.ts';
import { TakeOut } from './take-out.tsx';
import { TerminalStanding } from './terminal-standing.tsx';
import '../health/health.css';
import './fleet.css';

/** Live events come first; this is for what they missed. */
const refetchMs = 30_000;
/** A report comes every five minutes; one that is this old tells of another time. */
const staleMs = 15 * 60_000;

/** One terminal: how it is, how it was, which versions it has, and where to go on. */
export function TerminalPage({ id }: { readonly id: string }) {
  const { terminals: words, nav } = useMessages();
  const query = useRead('GET /v1/terminals/:id', { params: { id } }, { refetchInterval: refetchMs });
  return (
    <>
      <Link href="/" className="fleet-back">
        <Icon name="back" /> {nav.fleet}
      </Link>
      <Loaded query={query}>
        {(terminal) => (
          <>
            <div className="page-head">
              <div>
                <h1>{terminal.entranceName}</h1>
                <p>
                  {terminal.communityName} · {words.placement[terminal.placement]} · {terminal.name}
                </p>
                <TerminalStanding terminal={terminal} />
              </div>
            </div>
            <Ways terminal={terminal} />
            <HealthPart terminalId={id} />
            <Versions terminal={terminal} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Ways({ terminal }: { readonly terminal: Terminal }) {
  const m = useFleetWords();
  const care = useCommandWords();
  const { nav } = useMessages();
  return (
    <div className="row fleet-ways">
      <Link href={`/search?kind=terminal&id=${terminal.id}`} className="fleet-care">
        <Icon name="list" size={18} /> {m.story}
      </Link>
      {terminal.status === 'active' && (
        <Link href={`/terminals/${terminal.id}/commands`} className="fleet-care">
          <Icon name="remote" size={18} /> {care.title}
        </Link>
      )}
      <Link href={`/audit?subject=${terminal.id}`} className="fleet-care">
        <Icon name="shield" size={18} /> {nav.audit}
      </Link>
      <NewClaimCode terminalId={terminal.id} />
      {terminal.status === 'active' && <TakeOut terminal={terminal} />}
    </div>
  );
}

function HealthPart({ terminalId }: { readonly terminalId: string }) {
  const m = useFleetWords();
  const [span, setSpan] = useState<TrendSpan>('2d');
  const options = { params: { id: terminalId }, query: { span } };
  const query = useRead('GET /v1/terminals/:id/health', options, { refetchInterval: refetchMs });
  return (
    <section className="health-part">
      <div className="row fleet-health-head">
        <h2>{m.health}</h2>
        <Segmented
          aria-label={m.spanLabel}
          value={span}
          options={(['2d', '90d'] as const).map((value) => ({ value, label: m.span[value] }))}
          onChange={setSpan}
        />
      </div>
      <Loaded query={query}>
        {(health) =>
          health.report === null || health.receivedAt === null ? (
            <Empty icon="chart" title={m.noHealth}>
              <p>{m.noHealthHint}</p>
            </Empty>
          ) : (
            <>
              <Now health={health} receivedAt={health.receivedAt} />
              <Facts report={health.report} />
              <Trends report={health.report} trend={health.trend} />
            </>
          )
        }
      </Loaded>
    </section>
  );
}

function Now({ health, receivedAt }: { readonly health: TerminalHealth; readonly receivedAt: number }) {
  const m = useFleetWords();
  const format = useFormats();
  const now = useNow(refetchMs);
  const when = format.relative(receivedAt, now);
  return (
    <>
      {now - receivedAt > staleMs && (
        <p className="notice is-warn">
          <Icon name="clock" /> <span>{m.stale(when)}</span>
        </p>
      )}
      {health.issues.length === 0 ? (
        <p className="notice is-good">
          <Icon name="check" />
          <span>
            {m.wellNow} · {m.reportedAt(when)}
          </span>
        </p>
      ) : (
        <ul className="fleet-issues">
          {health.issues.map(({ issue, since }) => (
            <li key={issue}>
              <Link href={`/runbook#${issue}`} className="notice is-bad">
                <Icon name="alert" />
                <span>
                  <b>{m.issues[issue]}</b> {m.since(format.timeOrDate(since, now, homeZone))}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Facts({ report }: { readonly report: HealthReport }) {
  const { facts: m, ntp } = useFleetWords();
  const format = useFormats();
  const lost = report.journal.reduce((sum, stream) => sum + stream.lost, 0);
  const facts = [
    [m.uptime, format.span(report.uptimeMs)],
    [m.ntp, ntp[report.clock.ntp]],
    [m.screen, report.screen.connected ? m.screenOn : m.screenOff],
    ...report.doors.map(({ driver, exchanges, failed }) => [
      `${m.doors} ${driver.toUpperCase()}`,
      m.doorFailed(format.number(failed), format.number(exchanges)),
    ]),
    [m.lost, format.number(lost)],
  ];
  return (
    <dl className="vital-facts">
      {facts.map(([name, value]) => (
        <div key={name} className="card vital-fact">
          <dt>{name}</dt>
          <dd>
            <b className="digits">{value}</b>
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface TrendsProps {
  readonly report: HealthReport;
  readonly trend: TerminalHealth['trend'];
}

function Trends({ report, trend }: TrendsProps) {
  const m = useFleetWords();
  const format = useFormats();
  const ms = (n: number) => m.ms(format.number(Math.round(n)));
  const degrees = (n: number) => `${format.number(Math.round(n * 10) / 10)} °C`;
  const waiting = report.journal.reduce((sum, { rows }) => sum + rows, 0);
  const charts = [
    ['diskFree', m.disk, report.disk.freeBytes, bytesText],
    ['rss', m.memory, report.memory.rssBytes, bytesText],
    ['temp', m.temperature, report.temperatureC, degrees],
    ['clockOff', m.clock, report.clock.offsetMs, ms],
    ['waiting', m.waiting, waiting, format.number],
    ['reconnects', m.reconnects, report.uplink.reconnects, format.number],
  ] as const;
  return (
    <div className="chart-grid">
      {charts.map(([name, title, newest, say]) => (
        <LineChart
          key={name}
          title={title}
          value={newest === null ? m.cannotSay : say(newest)}
          points={trend.points.map((point) => ({ at: point.at, value: point[name] }))}
          gapMs={trend.stepMs * 3}
          say={say}
        />
      ))}
    </div>
  );
}

function Versions({ terminal }: { readonly terminal: Terminal }) {
  const m = useFleetWords();
  const { terminals: words } = useMessages();
  const format = useFormats();
  return (
    <section className="card">
      <h2>{m.versions}</h2>
      <ul className="fleet-versions">
        <li>
          <b>{m.agentVersion}</b>
          <span className="digits">{terminal.agentVersion ?? '–'}</span>
        </li>
        {documentNames.map((name) => {
          const document = terminal.documents[name];
          const { applied, desired, appliedAt, state } = document;
          return (
            <li key={name}>
              <b>{words.document[name]}</b>
              <span className="digits">
                {applied !== null && applied === desired
                  ? m.same(applied)
                  : [desired !== null && m.desired(desired), applied !== null && m.applied(applied)]
                      .filter(Boolean)
                      .join(' · ')}
              </span>
              <span className="soft">{appliedAt !== null && format.dateTime(appliedAt, terminal.zone)}</span>
              <span className={`badge ${documentTone[state]}`}>{documentStateText(document, words)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
