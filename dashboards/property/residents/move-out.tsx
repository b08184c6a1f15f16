import { Button, Modal } from 'antd';
import type { Credential, ResidentRecord } from '@gatecast/cloud-api/client';
import { useLocation } from 'wouter';
import { useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { useWords } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Loaded, ProblemNotice } from '../../kit/ui/states.tsx';
import { useMessages, type Messages } from '../messages/zh.ts';
import { useListText } from '../../kit/list-text.ts';

interface MoveOutProps {
  readonly resident: ResidentRecord;
  readonly open: boolean;
  readonly onClose: () => void;
}

const refreshes = [
  'GET /v1/residents/:id',
  'GET /v1/residents/:id/credentials',
  'GET /v1/communities/:id/residents',
  'GET /v1/passes',
] as const;

/** Says what will no longer open, does it in one step, and goes on to the proof. */
export function MoveOut({ resident, open, onClose }: MoveOutProps) {
  const m = useMessages().residents.moveOut;
  return (
    <Modal open={open} title={m.title(resident.name)} footer={null} width={520} destroyOnHidden onCancel={onClose}>
      <Confirm resident={resident} onClose={onClose} />
    </Modal>
  );
}

function Confirm({ resident, onClose }: Omit<MoveOutProps, 'open'>) {
  const m = useMessages().residents.moveOut;
  const { kit } = useWords();
  const list = useListText();
  const [, go] = useLocation();
  const { items, query } = useReadPages('GET /v1/residents/:id/credentials', { params: { id: resident.id } });
  const leave = useWrite('POST /v1/residents/:id/move-out', refreshes);
  const confirm = (): void =>
    leave.mutate({ params: { id: resident.id } }, { onSuccess: () => go(`/residents/${resident.id}/proof`) });
  const others = resident.household.filter(({ id, state }) => id !== resident.id && state === 'active');
  return (
    <div className="stack">
      <Loaded
        query={{ data: query.data === undefined ? undefined : items, error: query.error, refetch: query.refetch }}
      >
        {(credentials) => (
          <>
            <p>{m.lead}</p>
            <ul className="fact-list">
              {consequencesOf(credentials, m).map((text) => (
                <li key={text}>
                  <Icon name="cross" size={18} />
                  {text}
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
      <p className="soft">{m.doors}</p>
      {others.length > 0 && <p className="notice">{m.household(list(others.map(({ name }) => name)))}</p>}
      <p className="soft">{m.record}</p>
      <ProblemNotice error={leave.error} />
      <div className="row dialog-actions">
        <Button size="large" onClick={onClose}>
          {kit.cancel}
        </Button>
        <Button type="primary" danger size="large" loading={leave.isPending} onClick={confirm}>
          {m.confirm}
        </Button>
      </div>
    </div>
  );
}

function consequencesOf(credentials: readonly Credential[], m: Messages['residents']['moveOut']): string[] {
  const active = (kind: Credential['kind']): number =>
    credentials.filter((each) => each.kind === kind && each.state === 'active').length;
  const cards = active('card');
  const phones = active('phone');
  const lost = [
    ...(active('pin') > 0 ? [m.pin] : []),
    ...(active('duress-pin') > 0 ? [m.duress] : []),
    ...(cards > 0 ? [m.cards(cards)] : []),
    ...(phones > 0 ? [m.phones(phones)] : []),
  ];
  return [...(lost.length > 0 ? lost : [m.nothing]), m.passes];
}
