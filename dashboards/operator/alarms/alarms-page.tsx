import { Button, Segmented, Select } from 'antd';
import type { FleetAlarm, Silence } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link } from 'wouter';
import { useRead, useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { LoadMore } from '../../kit/console/load-more.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { Empty, ProblemNotice } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { useAlarmWords } from './alarm-words.ts';
import { TakeAlarm } from './take-alarm.tsx';
import { SilenceAlarm } from './silence-alarm.tsx';
import './alarms.css';

/** Live events come first; this is for what they missed. */
const refetchMs = 30_000;
const pageSize = 50;
const severities = ['critical', 'warning', 'notice'] as const;
const tones = { critical: 'is-bad', warning: 'is-warn', notice: '' } as const;
const icons: Readonly<Record<FleetAlarm['severity'], IconName>> = {
  critical: 'alert',
  warning: 'alert',
  notice: 'clock',
};

/** What is wrong with the fleet, the worst first, and who sees to it. */
export function AlarmsPage() {
  const m = useAlarmWords();
  const [state, setState] = useState<'open' | 'ended'>('open');
  const [severity, setSeverity] = useState<FleetAlarm['severity'] | ''>('');
  const query = { state, limit: pageSize, ...(severity && { severity }) };
  const pages = useReadPages('GET /v1/fleet/alarms', { query }, { refetchInterval: refetchMs });
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
        <Link href="/alarms/channels" className="alarm-link">
          <Icon name="megaphone" /> {m.channelsLink}
        </Link>
      </div>
      <div className="alarm-tabs">
        <Segmented
          size="large"
          value={state}
          options={[
            { value: 'open', label: m.open },
            { value: 'ended', label: m.ended },
          ]}
          onChange={setState}
        />
        <Select
          size="large"
          aria-label={m.bySeverity}
          value={severity}
          options={[
            { value: '' as const, label: m.anySeverity },
            ...severities.map((value) => ({ value, label: m.severity[value] })),
          ]}
          onChange={setSeverity}
        />
      </div>
      <Silences />
      <LoadedPages
        pages={pages}
        empty={
          severity !== '' ? (
            <Empty icon="list" title={m.emptySeverity} />
          ) : state === 'open' ? (
            <Empty icon="check" title={m.empty}>
              <p>{m.emptyHint}</p>
            </Empty>
          ) : (
            <Empty icon="list" title={m.emptyEnded} />
          )
        }
      >
        {(alarms) => (
          <ul className="alarm-list">
            {alarms.map((alarm) => (
              <AlarmItem key={alarm.id} alarm={alarm} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </>
  );
}

function AlarmItem({ alarm }: { readonly alarm: FleetAlarm }) {
  const m = useAlarmWords();
  const isOver = alarm.state === 'ended';
  return (
    <li className={`card alarm-item is-${isOver ? 'over' : alarm.severity}`}>
      <Icon name={icons[alarm.severity]} size={26} />
      <div className="alarm-what">
        <b>
          {m.kinds[alarm.kind]}{' '}
          <span className={`badge ${isOver ? '' : tones[alarm.severity]}`}>{m.severity[alarm.severity]}</span>
        </b>
        <Where alarm={alarm} />
        <When alarm={alarm} />
      </div>
      <div className="alarm-acts">
        <Link href={`/runbook#${alarm.kind}`} className="alarm-link">
          {m.runbook}
        </Link>
        {!isOver && (
          <>
            {alarm.ackedAt === null && <TakeAlarm alarm={alarm} />}
            <SilenceAlarm alarm={alarm} />
          </>
        )}
      </div>
    </li>
  );
}

function Where({ alarm }: { readonly alarm: FleetAlarm }) {
  const m = useAlarmWords();
  const format = useFormats();
  const { terminalId, terminalName, entranceName, communityName, terminals } = alarm;
  const { rollout, lineItem, name, missing, atLeast } = alarm.facts;
  return (
    <p>
      {communityName}
      {terminalId !== null && (
        <>
          {communityName !== null && ' · '}
          <Link href={`/terminals/${terminalId}`}>
            {[entranceName, terminalName ?? terminalId].filter(Boolean).join(' · ')}
          </Link>
        </>
      )}
      {typeof rollout === 'string' && <Link href={`/rollouts/${rollout}`}>{name}</Link>}
      {typeof lineItem === 'string' && <Link href={`/line-items/${lineItem}`}>{name}</Link>}
      {typeof missing === 'number' && <span className="digits"> · {m.missing(format.number(missing))}</span>}
      {alarm.kind === 'line-item-behind' && typeof atLeast === 'number' && (
        <Link href="/campaigns#behind">{m.linesBehind(format.number(atLeast))}</Link>
      )}
      {terminalId === null && terminals > 0 && ` ${m.terminals(format.number(terminals))}`}
    </p>
  );
}

function When({ alarm }: { readonly alarm: FleetAlarm }) {
  const m = useAlarmWords();
  const format = useFormats();
  const now = useNow(refetchMs);
  const words = [
    m.since(format.timeOrDate(alarm.since, now, homeZone)),
    alarm.endedAt !== null && m.over(format.timeOrDate(alarm.endedAt, now, homeZone)),
    alarm.returns > 0 && m.returned(format.number(alarm.returns)),
    alarm.silenced && m.silenced,
    alarm.ackedAt !== null && m.acked(alarm.ackedBy ?? m.somebody, format.relative(alarm.ackedAt, now)),
    alarm.note,
  ];
  return <p>{words.filter(Boolean).join(' · ')}</p>;
}

function Silences() {
  const m = useAlarmWords();
  const { data } = useRead('GET /v1/fleet/silences', {}, { refetchInterval: refetchMs });
  if (!data || data.items.length === 0) return null;
  return (
    <section className="card alarm-silences">
      <h2>{m.silences}</h2>
      <ul className="alarm-side">
        {data.items.map((silence) => (
          <SilenceItem key={silence.id} silence={silence} />
        ))}
      </ul>
    </section>
  );
}

function SilenceItem({ silence }: { readonly silence: Silence }) {
  const m = useAlarmWords();
  const format = useFormats();
  const end = useWrite('DELETE /v1/fleet/silences/:id', ['GET /v1/fleet/silences', 'GET /v1/fleet/alarms']);
  const { id, kind, terminalName, communityName, until, reason, by } = silence;
  const what = [kind === null ? m.everything : m.kinds[kind], terminalName ?? communityName].filter(Boolean);
  return (
    <li>
      <span>
        <b>{what.join(' · ')}</b>{' '}
        <span className="soft">
          {m.until(format.dateTime(until, homeZone))} · {reason}
          {by !== null && ` · ${by}`}
        </span>
      </span>
      <Button loading={end.isPending} onClick={() => end.mutate({ params: { id } })}>
        {m.endSilence}
      </Button>
      <ProblemNotice error={end.error} />
    </li>
  );
}
