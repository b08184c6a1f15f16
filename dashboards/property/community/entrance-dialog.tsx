import { Button, Form, Input, Modal, Select } from 'antd';
import type { Entrance } from '@gatecast/cloud-api/client';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages } from '../messages/zh.ts';
import { useCommunityWords } from './community-words.ts';

type Wish = Pick<Entrance, 'name' | 'placement'>;
const placements = ['gate', 'unit-door', 'lift'] as const;
const nameMax = 60;
const stale = ['GET /v1/communities/:id/entrances', 'GET /v1/terminals', 'GET /v1/terminals/:id'] as const;

interface EntranceDialogProps {
  readonly communityId: string;
  /** Null: closed. */
  readonly edited: Entrance | 'new' | null;
  readonly onClose: () => void;
}

/** A new entrance, or another name for one; where it is stays as it was, since what it showed is counted by that. */
export function EntranceDialog({ communityId, edited, onClose }: EntranceDialogProps) {
  const m = useCommunityWords();
  const { placement } = useMessages().terminals;
  const { kit } = useWords();
  const create = useWrite('POST /v1/communities/:id/entrances', stale);
  const rename = useWrite('PATCH /v1/entrances/:id', stale);
  const known = edited === 'new' ? null : edited;
  const close = (): void => {
    create.reset();
    rename.reset();
    onClose();
  };
  const submit = ({ name, placement: where }: Wish): void => {
    if (known) rename.mutate({ params: { id: known.id }, body: { name } }, { onSuccess: close });
    else create.mutate({ params: { id: communityId }, body: { name, placement: where } }, { onSuccess: close });
  };
  const rules = [{ required: true, whitespace: true, message: kit.requiredField }];
  return (
    <Modal
      open={edited !== null}
      title={known ? m.renameTitle(known.name) : m.addEntrance}
      footer={null}
      destroyOnHidden
      onCancel={close}
    >
      <Form<Wish>
        name="entrance"
        layout="vertical"
        size="large"
        requiredMark={false}
        initialValues={{ name: known?.name }}
        onFinish={submit}
      >
        <Form.Item name="name" label={m.entranceName} rules={rules}>
          <Input maxLength={nameMax} autoComplete="off" placeholder={m.entrancePlaceholder} />
        </Form.Item>
        {!known && (
          <Form.Item name="placement" label={m.placement} rules={rules}>
            <Select options={placements.map((value) => ({ value, label: placement[value] }))} />
          </Form.Item>
        )}
        <div className="stack">
          <ProblemNotice error={create.error ?? rename.error} />
          <Button type="primary" htmlType="submit" block loading={create.isPending || rename.isPending}>
            {m.save}
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
