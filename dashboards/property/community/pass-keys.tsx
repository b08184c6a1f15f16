import { App, Button, Modal } from 'antd';
import { useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { useCommunityWords } from './community-words.ts';
import './community.css';

/** New keys for passes: what was made before opens nothing any more. Says so before it does so. */
export function PassKeys({ communityId }: { readonly communityId: string }) {
  const m = useCommunityWords();
  const { message } = App.useApp();
  const [asking, setAsking] = useState(false);
  const roll = useWrite('POST /v1/communities/:id/pass-keys/roll', ['GET /v1/passes', 'GET /v1/passes/:id']);
  const close = (): void => {
    roll.reset();
    setAsking(false);
  };
  const confirm = (): void =>
    roll.mutate(
      { params: { id: communityId } },
      {
        onSuccess: ({ generation }) => {
          close();
          void message.success(m.rolled(generation));
        },
      },
    );
  return (
    <section className="card stack">
      <h2>{m.keys}</h2>
      <p className="soft">{m.keysHint}</p>
      <div>
        <Button size="large" danger icon={<Icon name="key" />} onClick={() => setAsking(true)}>
          {m.roll}
        </Button>
      </div>
      <Modal open={asking} title={m.rollTitle} footer={null} destroyOnHidden onCancel={close}>
        <div className="stack">
          <ul className="roll-warnings">
            {m.rollWarnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
          <p>{m.rollSpares}</p>
          <ProblemNotice error={roll.error} />
          <div className="row">
            <Button size="large" onClick={close}>
              {m.cancel}
            </Button>
            <Button size="large" type="primary" danger loading={roll.isPending} onClick={confirm}>
              {m.rollConfirm}
            </Button>
          </div>
        </div>
      </Modal>
    </section>
  );
}
