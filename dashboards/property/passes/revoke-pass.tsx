import { App, Button } from 'antd';
import type { Pass } from '@gatecast/cloud-api/client';
import { useLocation } from 'wouter';
import { useWrite } from '../../kit/api/api-context.tsx';
import { problemSentence } from '../../kit/i18n/problem-sentence.ts';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { useMessages } from '../messages/zh.ts';

const refreshes = ['GET /v1/passes', 'GET /v1/passes/:id', 'GET /v1/passes/:id/cards'] as const;

/** Ends a pass after asking, and goes on to its page, where the doors' receipts come in. */
export function RevokePass({ pass, large = false }: { readonly pass: Pass; readonly large?: boolean }) {
  const m = useMessages().passes;
  const { kit } = useWords();
  const [, go] = useLocation();
  const { modal, message } = App.useApp();
  const revoke = useWrite('DELETE /v1/passes/:id', refreshes);
  const ask = (): void =>
    void modal.confirm({
      title: m.revokeTitle(pass.label),
      content: m.revokeText,
      okText: m.revoke,
      okButtonProps: { danger: true },
      onOk: () =>
        revoke.mutateAsync({ params: { id: pass.id } }).then(
          () => {
            void message.success(m.revoked);
            go(`/passes/${pass.id}`);
          },
          (error: unknown) => void message.error(problemSentence(error, kit)),
        ),
    });
  return (
    <Button
      danger
      size={large ? 'large' : 'medium'}
      loading={revoke.isPending}
      onClick={ask}
      aria-label={`${m.revoke} ${pass.label}`}
    >
      {m.revoke}
    </Button>
  );
}
