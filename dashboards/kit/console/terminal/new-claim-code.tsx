import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useWrite } from '../../api/api-context.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ProblemNotice } from '../../ui/states.tsx';
import { ClaimCode } from './add-terminal.tsx';
import { useAddTerminalWords } from './add-terminal-words.ts';

/** For a code that got lost or too old, and for a device that takes another one's place. */
export function NewClaimCode({ terminalId }: { readonly terminalId: string }) {
  const m = useAddTerminalWords();
  const [asking, setAsking] = useState(false);
  const issue = useWrite('POST /v1/terminals/:id/claim-codes', ['GET /v1/terminals', 'GET /v1/terminals/:id']);
  const close = (): void => {
    setAsking(false);
    issue.reset();
  };
  return (
    <>
      <Button icon={<Icon name="key" size={18} />} onClick={() => setAsking(true)}>
        {m.again}
      </Button>
      <Modal
        open={asking}
        title={issue.data ? m.again : m.againTitle}
        footer={null}
        width={480}
        destroyOnHidden
        mask={{ closable: false }}
        onCancel={close}
      >
        {issue.data ? (
          <ClaimCode created={issue.data} onDone={close} />
        ) : (
          <div className="stack">
            <p>{m.againText}</p>
            <ProblemNotice error={issue.error} />
            <div className="row">
              <Button size="large" onClick={close}>
                {m.cancel}
              </Button>
              <Button
                size="large"
                type="primary"
                loading={issue.isPending}
                onClick={() => issue.mutate({ params: { id: terminalId } })}
              >
                {m.again}
              </Button>
            </div>
          </div>
        )}
      </Modal>
    </>
  );
}
