import { Button, Form, Input, Modal, Select } from 'antd';
import type { Endpoints } from '@gatecast/cloud-api/client';
import { useRead, useReadPages, useWrite } from '../../api/api-context.tsx';
import { homeZone } from '../../format.ts';
import { useFormats, useWords } from '../../i18n/language-context.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ProblemNotice } from '../../ui/states.tsx';
import { useAddTerminalWords } from './add-terminal-words.ts';
import './add-terminal.css';

interface AddTerminalProps {
  readonly open: boolean;
  /** Chosen until another one is. */
  readonly communityId?: string;
  readonly onClose: () => void;
}

/** Makes a terminal and shows its claim code, once. */
export function AddTerminal({ open, communityId, onClose }: AddTerminalProps) {
  const m = useAddTerminalWords();
  const add = useWrite('POST /v1/terminals', [
    'GET /v1/terminals',
    'GET /v1/fleet/summary',
    'GET /v1/fleet/communities',
    'GET /v1/fleet/terminals',
  ]);
  const close = (): void => {
    onClose();
    add.reset();
  };
  return (
    <Modal
      open={open}
      title={add.data ? m.added : m.add}
      footer={null}
      width={480}
      destroyOnHidden
      mask={{ closable: false }}
      onCancel={close}
    >
      {add.data ? (
        <ClaimCode created={add.data} onDone={close} />
      ) : (
        <TerminalForm
          communityId={communityId}
          busy={add.isPending}
          error={add.error}
          onSubmit={(body) => add.mutate({ body })}
        />
      )}
    </Modal>
  );
}

interface NewTerminal {
  communityId: string;
  entranceId: string;
  name: string;
}

interface TerminalFormProps {
  readonly communityId: string | undefined;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: (terminal: NewTerminal) => void;
}

const listMax = 200;

function TerminalForm({ communityId: first, busy, error, onSubmit }: TerminalFormProps) {
  const m = useAddTerminalWords();
  const { kit } = useWords();
  const [form] = Form.useForm<NewTerminal>();
  const communityId = Form.useWatch('communityId', form);
  const { items: communities } = useReadPages('GET /v1/communities', { query: { limit: listMax } });
  const entrances = useRead(
    'GET /v1/communities/:id/entrances',
    { params: { id: communityId ?? '' }, query: { limit: listMax } },
    { enabled: Boolean(communityId) },
  );
  const rules = [{ required: true, message: kit.requiredField }];
  return (
    <Form
      form={form}
      layout="vertical"
      size="large"
      requiredMark={false}
      initialValues={{ communityId: first }}
      onFinish={onSubmit}
    >
      <Form.Item name="communityId" label={m.community} rules={rules}>
        <Select
          options={communities.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={() => form.resetFields(['entranceId'])}
        />
      </Form.Item>
      <Form.Item name="entranceId" label={m.entrance} rules={rules}>
        <Select
          disabled={!communityId}
          loading={entrances.isFetching}
          options={entrances.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        />
      </Form.Item>
      <Form.Item name="name" label={m.name} extra={m.nameHint} rules={rules}>
        <Input maxLength={60} />
      </Form.Item>
      <div className="stack">
        <ProblemNotice error={error} />
        <Button type="primary" htmlType="submit" block loading={busy}>
          {m.create}
        </Button>
      </div>
    </Form>
  );
}

interface ClaimCodeProps {
  readonly created: Endpoints['POST /v1/terminals']['result'];
  readonly onDone: () => void;
}

/** The code large enough to be read across a room; it is not shown again. */
export function ClaimCode({ created, onDone }: ClaimCodeProps) {
  const m = useAddTerminalWords();
  const format = useFormats();
  return (
    <div className="stack claim">
      <p className="claim-code digits">{created.claimCode.replace(/(.{4})(?=.)/g, '$1 ')}</p>
      <p>{m.claimHint}</p>
      <p className="notice is-warn">{m.claimOnce(format.dateTime(created.claimExpiresAt, homeZone))}</p>
      <div className="row claim-actions">
        <CopyButton text={created.claimCode} />
        <Button type="primary" size="large" onClick={onDone}>
          {m.done}
        </Button>
      </div>
    </div>
  );
}
