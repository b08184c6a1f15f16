import { App, Button } from 'antd';
import type { Credential } from '@gatecast/cloud-api/client';
import { useWrite } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { problemSentence } from '../../kit/i18n/problem-sentence.ts';
import { useFormats, useWords } from '../../kit/i18n/language-context.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { useCommunity } from '../community-context.tsx';
import { useMessages, type Messages } from '../messages/zh.ts';
import { Delivery } from '../passes/delivery.tsx';

const icons: Record<Credential['kind'], IconName> = {
  pin: 'key',
  'duress-pin': 'shield',
  card: 'card',
  phone: 'remote',
};

const refreshes = [
  'GET /v1/residents/:id',
  'GET /v1/residents/:id/credentials',
  'GET /v1/communities/:id/residents',
  'GET /v1/passes/:id/cards',
  'GET /v1/passes/:id',
] as const;

/** A card, a phone or a PIN with the doors that know it; what is in force can be revoked. */
export function CredentialRow({ credential }: { readonly credential: Credential }) {
  const m = useMessages().residents.ways;
  const format = useFormats();
  const zone = useCommunity().community?.zone ?? homeZone;
  const { kind, state, createdAt, revokedAt } = credential;
  const active = state === 'active';
  return (
    <li className={`way-row ${active ? '' : 'is-over'}`}>
      <span className="way-mark">
        <Icon name={icons[kind]} />
      </span>
      <span className="way-what">
        <b>{nameOf(credential, m)}</b>
        <span className="soft">
          {credential.label !== null && credential.card && `${m.card(credential.card.last4)} · `}
          {revokedAt === null
            ? m.since(format.dateTime(createdAt, zone))
            : `${m.revokedShort} ${format.dateTime(revokedAt, zone)}`}
        </span>
      </span>
      <span className="way-actions">
        <Delivery delivered={credential.delivered} />
        {active && <RevokeCredential credential={credential} />}
      </span>
    </li>
  );
}

function nameOf({ kind, label, card }: Credential, m: Messages['residents']['ways']): string {
  if (label !== null) return label;
  if (card) return m.card(card.last4);
  return { pin: m.pin, 'duress-pin': m.duress, card: m.cards, phone: m.phones }[kind];
}

/** Ends one way of opening doors, after asking. */
export function RevokeCredential({ credential }: { readonly credential: Credential }) {
  const m = useMessages().residents.ways;
  const { kit } = useWords();
  const { modal, message } = App.useApp();
  const revoke = useWrite('DELETE /v1/credentials/:id', refreshes);
  const name = nameOf(credential, m);
  const ask = (): void =>
    void modal.confirm({
      title: m.revokeCardTitle(name),
      content: credential.kind === 'card' ? m.revokeCardText : m.revokeText,
      okText: m.revoke,
      okButtonProps: { danger: true },
      onOk: () =>
        revoke.mutateAsync({ params: { id: credential.id } }).then(
          () => void message.success(m.revoked),
          (error: unknown) => void message.error(problemSentence(error, kit)),
        ),
    });
  return (
    <Button danger loading={revoke.isPending} onClick={ask} aria-label={`${m.revoke} ${name}`}>
      {m.revoke}
    </Button>
  );
}
