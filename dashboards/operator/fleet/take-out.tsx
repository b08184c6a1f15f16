import { App, Button } from 'antd';
import type { Terminal } from '@gatecast/cloud-api/client';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useAddTerminalWords } from '../../kit/console/terminal/add-terminal-words.ts';
import { ProblemNotice } from '../../kit/ui/states.tsx';

/** Takes a terminal out of service that was lost or stolen. */
export function TakeOut({ terminal: { id, name } }: { readonly terminal: Terminal }) {
  const m = useAddTerminalWords();
  const { modal } = App.useApp();
  const revoke = useWrite('POST /v1/terminals/:id/revoke', [
    'GET /v1/terminals',
    'GET /v1/terminals/:id',
    'GET /v1/fleet/summary',
    'GET /v1/fleet/terminals',
  ]);
  const ask = (): void =>
    void modal.confirm({
      title: m.outTitle(name),
      content: m.outText,
      okText: m.out,
      okButtonProps: { danger: true },
      cancelText: m.cancel,
      onOk: () => revoke.mutate({ params: { id } }),
    });
  return (
    <>
      <Button danger loading={revoke.isPending} onClick={ask}>
        {m.out}
      </Button>
      <ProblemNotice error={revoke.error} />
    </>
  );
}
