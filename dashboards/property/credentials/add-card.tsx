import { App, Modal, Segmented } from 'antd';
import type { Endpoints } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useWrite } from '../../kit/api/api-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { CardByNumber } from './card-by-number.tsx';
import { LearnCard } from './learn-card.tsx';
import './credentials.css';

export type NewCard = Endpoints['POST /v1/residents/:id/cards']['body'];

/** Whose card it will be. */
export interface CardOwner {
  readonly kind: 'resident' | 'pass';
  readonly id: string;
  readonly name: string;
}

interface AddCardProps {
  readonly owner: CardOwner;
  readonly communityId: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** A new card: held to a reader, or by the number printed on it. */
export function AddCard({ owner, open, ...rest }: AddCardProps) {
  const m = useMessages().residents.newCard;
  return (
    <Modal
      open={open}
      title={m.title(owner.name)}
      footer={null}
      width={520}
      destroyOnHidden
      mask={{ closable: false }}
      onCancel={rest.onClose}
    >
      <Ways owner={owner} {...rest} />
    </Modal>
  );
}

type Way = 'at-door' | 'by-number';

function Ways({ owner, communityId, onClose }: Omit<AddCardProps, 'open'>) {
  const m = useMessages().residents.newCard;
  const { message } = App.useApp();
  const [way, setWay] = useState<Way>('at-door');
  const add = useAddCard(owner);
  const save = (card: NewCard): void =>
    add.mutate(
      { params: { id: owner.id }, body: card },
      {
        onSuccess: () => {
          void message.success(m.saved);
          onClose();
        },
      },
    );
  const saving = { busy: add.isPending, error: add.error, onSave: save };
  return (
    <div className="stack">
      <Segmented<Way>
        block
        size="large"
        value={way}
        onChange={(next) => {
          add.reset();
          setWay(next);
        }}
        options={[
          { value: 'at-door', label: m.atDoor },
          { value: 'by-number', label: m.byNumber },
        ]}
      />
      {way === 'at-door' ? <LearnCard communityId={communityId} {...saving} /> : <CardByNumber {...saving} />}
    </div>
  );
}

function useAddCard(owner: CardOwner) {
  const forResident = useWrite('POST /v1/residents/:id/cards', ['GET /v1/residents/:id/credentials']);
  const forPass = useWrite('POST /v1/passes/:id/cards', [
    'GET /v1/passes/:id/cards',
    'GET /v1/passes/:id',
    'GET /v1/passes',
  ]);
  return owner.kind === 'resident' ? forResident : forPass;
}

/** What both ways to a card have in common. */
export interface CardSaving {
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSave: (card: NewCard) => void;
}
