import { Modal } from 'antd';
import type { Community } from '@gatecast/cloud-api/client';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { PassForm } from './pass-form.tsx';
import { PassReady } from './pass-ready.tsx';

interface IssuePassProps {
  readonly community: Community;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Asks who and how long, then shows the code, once. */
export function IssuePass({ community, open, onClose }: IssuePassProps) {
  const m = useMessages().passes;
  const issue = useWrite('POST /v1/passes', ['GET /v1/passes', 'GET /v1/communities/:id/access-schedules']);
  const close = (): void => {
    onClose();
    issue.reset();
  };
  return (
    <Modal
      open={open}
      title={issue.data ? m.created : m.issue}
      footer={null}
      width={600}
      destroyOnHidden
      mask={{ closable: false }}
      onCancel={close}
    >
      {issue.data ? (
        <PassReady pass={issue.data} zone={community.zone} onDone={close} />
      ) : (
        <PassForm
          community={community}
          busy={issue.isPending}
          error={issue.error}
          onSubmit={(pass) => issue.mutate({ body: { communityId: community.id, ...pass } })}
        />
      )}
    </Modal>
  );
}
