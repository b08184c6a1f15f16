import { App, Button, Form, Input, Modal, Radio, Select } from 'antd';
import type { Community, Notice } from '@gatecast/cloud-api/client';
import { useApi, useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useNoticeWords } from './notice-words.ts';

interface NoticeForm {
  readonly level: Notice['level'];
  readonly title: string;
  readonly text: string;
  readonly entranceIds?: readonly string[];
  readonly minutes: number;
}

interface NewNoticeProps {
  readonly community: Community;
  readonly open: boolean;
  readonly onClose: () => void;
}

const minuteMs = 60_000;
const entrancesMax = 200;
const empty: NoticeForm = { level: 'announcement', title: '', text: '', minutes: 1_440 };

/** What to say, where and for how long, beside a picture of the screen that says it. */
export function NewNotice({ community, open, onClose }: NewNoticeProps) {
  const m = useNoticeWords();
  const { message } = App.useApp();
  const { clock } = useApi();
  const add = useWrite('POST /v1/notices', ['GET /v1/notices']);
  const close = (): void => {
    onClose();
    add.reset();
  };
  const submit = ({ minutes, entranceIds = [], ...words }: NoticeForm): void => {
    const from = clock.now();
    const to = from + minutes * minuteMs;
    const where = entranceIds.length === 0 ? null : [...entranceIds];
    add.mutate(
      { body: { communityId: community.id, ...words, entranceIds: where, from, to } },
      {
        onSuccess: () => {
          void message.success(m.sent);
          close();
        },
      },
    );
  };
  return (
    <Modal open={open} title={m.add} footer={null} width={760} destroyOnHidden onCancel={close}>
      <Form<NoticeForm>
        className="new-notice"
        layout="vertical"
        size="large"
        requiredMark={false}
        initialValues={empty}
        onFinish={submit}
      >
        <div>
          <Fields communityId={community.id} />
          <div className="stack">
            <ProblemNotice error={add.error} />
            <Send busy={add.isPending} />
          </div>
        </div>
        <Preview />
      </Form>
    </Modal>
  );
}

function Fields({ communityId }: { readonly communityId: string }) {
  const m = useNoticeWords();
  const level = Form.useWatch<Notice['level'] | undefined>('level') ?? 'announcement';
  const { items } = useReadPages('GET /v1/communities/:id/entrances', {
    params: { id: communityId },
    query: { limit: entrancesMax },
  });
  return (
    <>
      <Form.Item name="level" label={m.level} extra={m.levelHint[level]}>
        <Radio.Group
          optionType="button"
          options={(['announcement', 'emergency'] as const).map((value) => ({ value, label: m.levels[value] }))}
        />
      </Form.Item>
      <Form.Item name="title" label={m.heading} rules={[{ required: true, whitespace: true, max: 40 }]}>
        <Input maxLength={40} showCount placeholder={m.headingPlaceholder} />
      </Form.Item>
      <Form.Item name="text" label={m.text} rules={[{ required: true, whitespace: true, max: 200 }]}>
        <Input.TextArea maxLength={200} showCount autoSize={{ minRows: 3 }} placeholder={m.textPlaceholder} />
      </Form.Item>
      <Form.Item name="entranceIds" label={m.doors}>
        <Select
          mode="multiple"
          placeholder={m.allDoors}
          options={items.map(({ id, name }) => ({ value: id, label: name }))}
          showSearch={{ optionFilterProp: 'label' }}
        />
      </Form.Item>
      <Form.Item name="minutes" label={m.until}>
        <Radio.Group
          optionType="button"
          options={Object.entries(m.spans).map(([minutes, label]) => ({ value: Number(minutes), label }))}
        />
      </Form.Item>
    </>
  );
}

function Send({ busy }: { readonly busy: boolean }) {
  const m = useNoticeWords();
  const isEmergency = Form.useWatch<Notice['level'] | undefined>('level') === 'emergency';
  return (
    <Button type="primary" danger={isEmergency} size="large" htmlType="submit" block loading={busy}>
      {isEmergency ? m.sendEmergency : m.send}
    </Button>
  );
}

/** The screen at the door, small. */
function Preview() {
  const m = useNoticeWords();
  const level = Form.useWatch<Notice['level'] | undefined>('level') ?? 'announcement';
  const title = Form.useWatch<string | undefined>('title') || m.headingPlaceholder;
  const text = Form.useWatch<string | undefined>('text') || m.textPlaceholder;
  return (
    <figure className="notice-preview">
      <div className={`notice-screen is-${level}`} aria-hidden="true">
        <span className="notice-screen-band" />
        {level === 'emergency' ? (
          <div className="notice-screen-whole">
            <span>{m.levels.emergency}</span>
            <b>{title}</b>
            <p>{text}</p>
          </div>
        ) : (
          <>
            <span className="notice-screen-film">
              <Icon name="film" size={40} />
            </span>
            <p className="notice-screen-line">
              <span>{m.levels.announcement}</span> {title} · {text}
            </p>
          </>
        )}
      </div>
      <figcaption className="soft">{m.preview}</figcaption>
    </figure>
  );
}
