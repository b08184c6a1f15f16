import { App, Button, Select } from 'antd';
import type { Rollout, RolloutTerminal } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link } from 'wouter';
import { useRead, useReadPages, useWrite } from '../../api/api-context.tsx';
import { useFormats } from '../../i18n/language-context.tsx';
import { Icon } from '../../ui/icon.tsx';
import { LoadedPages } from '../../ui/loaded-pages.tsx';
import { Empty, Loaded, ProblemNotice } from '../../ui/states.tsx';
import { useNow } from '../../use-now.ts';
import { homeZone } from '../../format.ts';
import { LoadMore } from '../load-more.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { reasonText, useRolloutWords } from './rollout-words.ts';
import { stateTone, terminalTone } from './state-tone.ts';
import './rollouts.css';

const refetchMs = 5_000;
const refreshMs = 30_000;
const reads = ['GET /v1/rollouts', 'GET /v1/rollouts/:id', 'GET /v1/rollouts/:id/terminals'] as const;

/** One roll-out as it goes: its stages, the terminals that failed and why, and what can be done about it. */
export function RolloutPage({ id }: { readonly id: string }) {
  const query = useRead('GET /v1/rollouts/:id', { params: { id } }, { refetchInterval: refetchMs });
  return <Loaded query={query}>{(rollout) => <Progress rollout={rollout} />}</Loaded>;
}

function Progress({ rollout }: { readonly rollout: Rollout }) {
  const m = useRolloutWords();
  const format = useFormats();
  const now = useNow(refreshMs);
  const { name, what, state, halt, nextAt, stages, stage, endedAt } = rollout;
  const isAnybodyAway = stages.some(({ counts }) => (counts.away ?? 0) > 0);
  return (
    <>
      <Link href="/rollouts" className="rollout-back">
        <Icon name="back" /> {m.title}
      </Link>
      <div className="page-head">
        <div>
          <h1>{name}</h1>
          <p>
            <span className={`badge ${stateTone[state]}`}>{m.state[state]}</span>{' '}
            {what.kind === 'template' ? m.template : m.release} · {what.name}
          </p>
        </div>
        <Actions rollout={rollout} />
      </div>
      {halt && <p className="notice is-bad">{m.halt(halt.stage + 1, halt.failed, halt.allowed)}</p>}
      {nextAt !== null && <p className="notice">{m.nextAt(format.timeOrDate(nextAt, now, homeZone))}</p>}
      {isAnybodyAway && <p className="soft">{m.awayHint}</p>}
      <ol className="rollout-stages">
        {stages.map((each, index) => (
          // A roll-out's stages neither move nor change their number.
          <li
            key={`${rollout.id}-${index}`}
            className={`card rollout-stage ${index === stage && endedAt === null ? 'is-now' : ''}`}
          >
            <h2>
              {m.stage(index + 1)} · {m.stageSize(each.size)}
            </h2>
            <ProgressBar stage={each} />
          </li>
        ))}
      </ol>
      <Terminals rollout={rollout} />
    </>
  );
}

function Actions({ rollout: { id, state } }: { readonly rollout: Rollout }) {
  const m = useRolloutWords();
  const { modal } = App.useApp();
  const pause = useWrite('POST /v1/rollouts/:id/pause', reads);
  const resume = useWrite('POST /v1/rollouts/:id/resume', reads);
  const cancel = useWrite('POST /v1/rollouts/:id/cancel', reads);
  const rollBack = useWrite('POST /v1/rollouts/:id/roll-back', reads);
  const params = { id };
  const ask = (title: string, content: string, okText: string, act: () => void): void =>
    void modal.confirm({ title, content, okText, okButtonProps: { danger: true }, cancelText: m.dismiss, onOk: act });
  const goOn = (): void => resume.mutate({ params });
  const isOpen = state === 'running' || state === 'paused' || state === 'halted';
  const mayReturn = isOpen || state === 'done' || state === 'cancelled';
  return (
    <div className="rollout-actions">
      {state === 'running' && (
        <Button size="large" loading={pause.isPending} onClick={() => pause.mutate({ params })}>
          {m.pause}
        </Button>
      )}
      {state === 'paused' && (
        <Button type="primary" size="large" loading={resume.isPending} onClick={goOn}>
          {m.resume}
        </Button>
      )}
      {state === 'halted' && (
        <Button
          size="large"
          loading={resume.isPending}
          onClick={() => ask(m.resumeTitle, m.resumeText, m.resume, goOn)}
        >
          {m.resume}
        </Button>
      )}
      {isOpen && (
        <Button
          size="large"
          loading={cancel.isPending}
          onClick={() => ask(m.cancelTitle, m.cancelText, m.cancel, () => cancel.mutate({ params }))}
        >
          {m.cancel}
        </Button>
      )}
      {mayReturn && (
        <Button
          danger
          size="large"
          loading={rollBack.isPending}
          onClick={() => ask(m.rollBackTitle, m.rollBackText, m.rollBack, () => rollBack.mutate({ params }))}
        >
          {m.rollBack}
        </Button>
      )}
      <ProblemNotice error={pause.error ?? resume.error ?? cancel.error ?? rollBack.error} />
    </div>
  );
}

const shownStates = ['failed', 'away', 'sent', 'healthy', 'waiting', 'skipped', 'missed', 'returned'] as const;

function Terminals({ rollout }: { readonly rollout: Rollout }) {
  const m = useRolloutWords();
  const hasFailed = rollout.stages.some(({ counts }) => (counts.failed ?? 0) > 0);
  const [chosen, setChosen] = useState<RolloutTerminal['state'] | 'all' | null>(null);
  const state = chosen ?? (hasFailed ? 'failed' : 'all');
  const query = state === 'all' ? {} : { state };
  const pages = useReadPages(
    'GET /v1/rollouts/:id/terminals',
    { params: { id: rollout.id }, query },
    { refetchInterval: refetchMs },
  );
  const options = [
    { value: 'all' as const, label: m.all },
    ...shownStates.map((value) => ({ value, label: m.terminal[value] })),
  ];
  return (
    <section className="card">
      <div className="rollout-row-head">
        <h2>{m.terminals}</h2>
        <Select aria-label={m.terminals} size="large" value={state} options={options} onChange={setChosen} />
      </div>
      <LoadedPages pages={pages} empty={<Empty icon="screen" title={m.noTerminals} />}>
        {(terminals) => (
          <ul className="rollout-terminals">
            {terminals.map((each) => (
              <li key={each.terminalId}>
                <span>
                  <b>{each.entranceName}</b> <span className="soft">{each.communityName}</span>
                </span>
                <span className={`badge ${terminalTone[each.state]}`}>{m.terminal[each.state]}</span>
                {each.reason !== null && <span className="soft">{reasonText(each.reason, m)}</span>}
              </li>
            ))}
          </ul>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
    </section>
  );
}
