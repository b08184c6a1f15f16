import { App, Button, Modal, Select } from 'antd';
import type { AssignmentPreview, Release } from '@gatecast/cloud-api/client';
import { useId, useState } from 'react';
import { useLocation } from 'wouter';
import { useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { Choice } from '../../kit/ui/choice.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useSettled } from '../../kit/use-settled.ts';
import { useMessages } from '../messages/zh.ts';

type Whom = 'terminals' | 'communities' | 'stages';
interface Chosen {
  readonly value: string;
  readonly label: string;
}

const foundMax = 50;
/** As many as one assignment may name. */
const chosenMax = { terminals: 200, communities: 50 } as const;
const shownMax = 50;

interface GiveReleaseProps {
  readonly release: Release;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Who gets a release; then for whom it is and for whom not; then they get it. */
export function GiveRelease({ release, open, onClose }: GiveReleaseProps) {
  const m = useMessages().releases;
  return (
    <Modal
      open={open}
      title={m.giveTitle(release.version)}
      footer={null}
      width={640}
      destroyOnHidden
      onCancel={onClose}
    >
      <Giving release={release} onDone={onClose} />
    </Modal>
  );
}

function Giving({ release, onDone }: { readonly release: Release; readonly onDone: () => void }) {
  const m = useMessages().releases;
  const { message } = App.useApp();
  const [whom, setWhom] = useState<Whom>('terminals');
  const [chosen, setChosen] = useState<readonly Chosen[]>([]);
  const preview = useWrite('POST /v1/releases/:id/assignments/preview');
  const give = useWrite('POST /v1/releases/:id/assignments', ['GET /v1/releases', 'GET /v1/releases/:id/terminals']);
  const ids = chosen.map(({ value }) => value);
  const options = {
    params: { id: release.id },
    body: whom === 'communities' ? { communityIds: ids } : { terminalIds: ids },
  };
  const restart = (next: Whom): void => {
    setWhom(next);
    setChosen([]);
    preview.reset();
  };
  const choose = (next: readonly Chosen[]): void => {
    setChosen(next);
    preview.reset();
    give.reset();
  };
  const start = (): void =>
    give.mutate(options, {
      onSuccess: ({ items }) => {
        void message.success(m.gaveTo(items.length));
        onDone();
      },
    });
  return (
    <div className="stack">
      <Choice
        legend={m.whom}
        value={whom}
        options={(['terminals', 'communities', 'stages'] as const).map((value) => ({ value, label: m.whoms[value] }))}
        onChange={restart}
      />
      {whom === 'stages' ? (
        <InStages release={release} />
      ) : (
        <>
          {whom === 'terminals' && <PickTerminals chosen={chosen} onChange={choose} />}
          {whom === 'communities' && <PickCommunities chosen={chosen} onChange={choose} />}
          <ProblemNotice error={preview.error} />
          {preview.data ? (
            <Outcome preview={preview.data} />
          ) : (
            <Button
              type="primary"
              size="large"
              block
              disabled={chosen.length === 0}
              loading={preview.isPending}
              onClick={() => preview.mutate(options)}
            >
              {m.lookFirst}
            </Button>
          )}
          <ProblemNotice error={give.error} />
          {preview.data && (
            <Button
              type="primary"
              size="large"
              block
              disabled={preview.data.total === 0}
              loading={give.isPending}
              onClick={start}
            >
              {m.giveTo(preview.data.total)}
            </Button>
          )}
        </>
      )}
    </div>
  );
}

function InStages({ release }: { readonly release: Release }) {
  const m = useMessages().releases;
  const [, navigate] = useLocation();
  return (
    <>
      <p className="soft">{m.stagesText}</p>
      <Button
        type="primary"
        size="large"
        block
        icon={<Icon name="share" />}
        onClick={() => navigate(`/rollouts?release=${release.id}`)}
      >
        {m.toRollout}
      </Button>
    </>
  );
}

interface PickProps {
  readonly chosen: readonly Chosen[];
  readonly onChange: (chosen: readonly Chosen[]) => void;
}

function PickTerminals(props: PickProps) {
  const m = useMessages().releases;
  const [typed, setTyped] = useState('');
  const search = useSettled(typed.trim());
  const found = useReadPages('GET /v1/fleet/terminals', {
    query: { limit: foundMax, ...(search !== '' && { search }) },
  });
  const options = found.items.map(({ id, name, communityName, entranceName }) => ({
    value: id,
    label: `${communityName} · ${entranceName} · ${name}`,
  }));
  return <Pick {...props} label={m.whoms.terminals} max={chosenMax.terminals} options={options} onSearch={setTyped} />;
}

function PickCommunities(props: PickProps) {
  const m = useMessages().releases;
  const [typed, setTyped] = useState('');
  const search = useSettled(typed.trim());
  const found = useReadPages('GET /v1/fleet/communities', {
    query: { limit: foundMax, ...(search !== '' && { search }) },
  });
  const options = found.items.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Pick {...props} label={m.whoms.communities} max={chosenMax.communities} options={options} onSearch={setTyped} />
  );
}

interface PickBoxProps extends PickProps {
  readonly label: string;
  readonly max: number;
  /** What the cloud has found. */
  readonly options: readonly Chosen[];
  readonly onSearch: (text: string) => void;
}

function Pick({ chosen, onChange, label, max, options, onSearch }: PickBoxProps) {
  const m = useMessages().releases;
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <Select<Chosen[]>
        id={id}
        mode="multiple"
        size="large"
        labelInValue
        maxCount={max}
        value={[...chosen]}
        options={[...options]}
        placeholder={m.typeName}
        notFoundContent={m.noneFound}
        showSearch={{ filterOption: false, onSearch }}
        onChange={(next) => onChange(next.map(({ value, label: name }) => ({ value, label: name })))}
      />
    </div>
  );
}

/** What would happen, before anything does. */
function Outcome({ preview: { total, unsaid, notFor } }: { readonly preview: AssignmentPreview }) {
  const m = useMessages().releases;
  return (
    <div className="release-outcome" aria-live="polite">
      <p>
        <b>{m.reaches(total)}</b> {unsaid > 0 && <span className="soft">{m.unsaid(unsaid)}</span>}
      </p>
      {notFor.length > 0 && (
        <>
          <p className="notice is-warn">{m.notFor(notFor.length)}</p>
          <ul className="release-terminals">
            {notFor.slice(0, shownMax).map((one) => (
              <li key={one.terminalId}>
                <span>
                  <b>{one.entranceName}</b>
                  <span className="soft">
                    {one.communityName} · {one.name}
                  </span>
                </span>
                <span className="release-reason">
                  {m.reasons[one.reason] ?? one.reason}
                  {one.reason === 'wrong-model' && one.model !== null && ` (${one.model})`}
                  {one.agentVersion !== null && one.reason !== 'wrong-model' && ` (${m.runs(one.agentVersion)})`}
                </span>
              </li>
            ))}
          </ul>
          {notFor.length > shownMax && <p className="soft">{m.andMore(notFor.length - shownMax)}</p>}
        </>
      )}
    </div>
  );
}
