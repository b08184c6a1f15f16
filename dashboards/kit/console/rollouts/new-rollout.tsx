import { App, Button, Form, Input, InputNumber, Modal, Radio, Select } from 'antd';
import type { RolloutPlan, RolloutPreview } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useRead, useReadPages, useWrite } from '../../api/api-context.tsx';
import { ProblemNotice } from '../../ui/states.tsx';
import { PreviewPane } from './preview-pane.tsx';
import { useRolloutWords } from './rollout-words.ts';

export type RolloutKind = RolloutPlan['what']['kind'];

interface RolloutForm {
  readonly name: string;
  readonly kind: RolloutKind;
  readonly subject: string;
  readonly communityIds?: readonly string[];
  readonly tags?: readonly string[];
  readonly models?: readonly string[];
  readonly canaryIds?: readonly string[];
  readonly percents: readonly number[];
  readonly errorPercentMax: number;
  readonly waitMinutes: number;
}

interface NewRolloutProps {
  /** What this desk may roll out. */
  readonly kinds: readonly RolloutKind[];
  /** The release that was chosen before. */
  readonly release: string | null;
  readonly open: boolean;
  readonly onClose: () => void;
}

const choicesMax = 200;
const waits = [10, 30, 60, 240, 1_440];
const empty = { percents: [10, 50], errorPercentMax: 5, waitMinutes: 30 };

const planOf = ({ kind, subject, communityIds, tags, models, canaryIds, percents }: RolloutForm): RolloutPlan => ({
  what: { kind, id: subject },
  group: {
    communityIds: [...(communityIds ?? [])],
    tags: [...(tags ?? [])],
    models: [...(models ?? [])],
    terminalIds: [],
  },
  canaryIds: [...(canaryIds ?? [])],
  stages: percents.toSorted((a, b) => a - b).map((percent) => ({ percent })),
});

/** What, to whom and in which stages; then what that would change; then it begins. */
export function NewRollout({ kinds, release, open, onClose }: NewRolloutProps) {
  const m = useRolloutWords();
  const { message } = App.useApp();
  const [filled, setFilled] = useState<RolloutForm | null>(null);
  const preview = useWrite('POST /v1/rollouts/preview');
  const create = useWrite('POST /v1/rollouts', ['GET /v1/rollouts']);
  const back = (): void => {
    preview.reset();
    create.reset();
  };
  const close = (): void => {
    onClose();
    back();
    setFilled(null);
  };
  const look = (form: RolloutForm): void => {
    setFilled(form);
    preview.mutate({ body: planOf(form) });
  };
  const start = ({ token }: RolloutPreview): void => {
    if (!filled) return;
    const { name, errorPercentMax, waitMinutes } = filled;
    create.mutate(
      { body: { ...planOf(filled), name, criteria: { errorPercentMax, waitMinutes }, token } },
      {
        onSuccess: () => {
          void message.success(m.started);
          close();
        },
      },
    );
  };
  return (
    <Modal open={open} title={m.add} footer={null} width={720} destroyOnHidden onCancel={close}>
      <Form<RolloutForm>
        layout="vertical"
        size="large"
        requiredMark={false}
        initialValues={{ ...empty, ...(release === null ? { kind: kinds[0] } : { kind: 'release', subject: release }) }}
        onFinish={look}
        hidden={preview.data !== undefined}
      >
        <Form.Item name="name" label={m.name} rules={[{ required: true, whitespace: true, max: 60 }]}>
          <Input maxLength={60} placeholder={m.namePlaceholder} />
        </Form.Item>
        <What kinds={kinds} />
        <Who />
        <How />
        <ProblemNotice error={preview.error} />
        <Button type="primary" size="large" htmlType="submit" block loading={preview.isPending}>
          {m.preview}
        </Button>
      </Form>
      {preview.data && (
        <PreviewPane
          preview={preview.data}
          busy={create.isPending}
          error={create.error}
          onBack={back}
          onStart={() => start(preview.data)}
        />
      )}
    </Modal>
  );
}

function What({ kinds }: { readonly kinds: readonly RolloutKind[] }) {
  const m = useRolloutWords();
  const kind = Form.useWatch<RolloutKind | undefined>('kind') ?? kinds[0];
  const templates = useReadPages('GET /v1/settings-templates', { query: { limit: choicesMax } });
  const releases = useReadPages(
    'GET /v1/releases',
    { query: { limit: choicesMax } },
    { enabled: kinds.includes('release') },
  );
  const choices =
    kind === 'release'
      ? releases.items
          .filter(({ withdrawnAt }) => withdrawnAt === null)
          .map(({ id, version, model }) => ({ value: id, label: `${version} · ${model}` }))
      : templates.items.map(({ id, name }) => ({ value: id, label: name }));
  const labels = { template: m.template, release: m.release };
  return (
    <>
      <Form.Item name="kind" label={m.what} hidden={kinds.length < 2}>
        <Radio.Group optionType="button" options={kinds.map((value) => ({ value, label: labels[value] }))} />
      </Form.Item>
      <Form.Item name="subject" label={labels[kind ?? 'template']} rules={[{ required: true }]}>
        <Select
          placeholder={m.pick}
          options={choices}
          showSearch={{ optionFilterProp: 'label' }}
          notFoundContent={m.noTemplates}
        />
      </Form.Item>
    </>
  );
}

function Who() {
  const m = useRolloutWords();
  const communities = useReadPages('GET /v1/communities', { query: { limit: choicesMax } });
  const terminals = useReadPages('GET /v1/terminals', { query: { limit: choicesMax } });
  const groups = useRead('GET /v1/terminal-groups', {}).data ?? { tags: [], models: [] };
  const several = { mode: 'multiple', showSearch: { optionFilterProp: 'label' } } as const;
  return (
    <>
      <Form.Item name="communityIds" label={m.communities}>
        <Select
          {...several}
          placeholder={m.allCommunities}
          options={communities.items.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
      {groups.tags.length > 0 && (
        <Form.Item name="tags" label={m.tags}>
          <Select
            {...several}
            placeholder={m.any}
            options={groups.tags.map(({ tag, terminals: n }) => ({ value: tag, label: `${tag} (${n})` }))}
          />
        </Form.Item>
      )}
      {groups.models.length > 1 && (
        <Form.Item name="models" label={m.models}>
          <Select
            {...several}
            placeholder={m.any}
            options={groups.models.map(({ model, terminals: n }) => ({ value: model, label: `${model} (${n})` }))}
          />
        </Form.Item>
      )}
      <Form.Item name="canaryIds" label={m.canaries} extra={m.canariesHint}>
        <Select
          {...several}
          placeholder={m.pick}
          options={terminals.items.map(({ id, entranceName, communityName }) => ({
            value: id,
            label: `${communityName} · ${entranceName}`,
          }))}
        />
      </Form.Item>
    </>
  );
}

const shares = [1, 5, 10, 20, 25, 50, 75];

function How() {
  const m = useRolloutWords();
  return (
    <>
      <Form.Item name="percents" label={m.stages} extra={m.stagesHint}>
        <Select mode="multiple" options={shares.map((value) => ({ value, label: `${value}%` }))} />
      </Form.Item>
      <Form.Item name="waitMinutes" label={m.wait}>
        <Select options={waits.map((value) => ({ value, label: m.minutes(value) }))} />
      </Form.Item>
      <Form.Item name="errorPercentMax" label={m.errorPercent}>
        <InputNumber min={0} max={100} precision={0} suffix="%" />
      </Form.Item>
    </>
  );
}
