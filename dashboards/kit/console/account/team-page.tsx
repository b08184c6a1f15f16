import { App, Button } from 'antd';
import type { Role, TeamMember } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useReadPages, useWrite } from '../../api/api-context.tsx';
import { homeZone } from '../../format.ts';
import { useFormats } from '../../i18n/language-context.tsx';
import { useSession } from '../../session/session-context.tsx';
import { Icon } from '../../ui/icon.tsx';
import { LoadedPages } from '../../ui/loaded-pages.tsx';
import { Empty, ProblemNotice } from '../../ui/states.tsx';
import { useNow } from '../../use-now.ts';
import { LoadMore } from '../load-more.tsx';
import { useAccountWords } from './account-words.ts';
import { InviteDialog, type PlaceOf } from './invite-dialog.tsx';
import './account.css';

const refreshMs = 60_000;
const stateTone = { active: 'is-good', suspended: 'is-bad', invited: 'is-warn' } as const;

export type InvitableRole = Exclude<Role, 'resident'>;

interface TeamPageProps {
  /** Where an invited person sets the password: the path of the app that the role signs in to. */
  readonly joinAt: (role: InvitableRole) => string;
  /** Whom these people may invite. */
  readonly roles: readonly InvitableRole[];
  /** The communities that a guard can be bound to. */
  readonly communities: readonly { readonly id: string; readonly name: string }[];
  /** Which party somebody is invited for, where that is to be chosen. */
  readonly placeOf: PlaceOf;
}

/** Accounts and open invitations of the own party. */
export function TeamPage({ joinAt, roles, communities, placeOf }: TeamPageProps) {
  const m = useAccountWords().team;
  const [inviting, setInviting] = useState(false);
  const pages = useReadPages('GET /v1/team', { query: {} });
  const inviteButton = (
    <Button type="primary" size="large" icon={<Icon name="plus" />} onClick={() => setInviting(true)}>
      {m.invite}
    </Button>
  );
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title}</h1>
          <p>{m.intro}</p>
        </div>
        {pages.items.length > 1 && inviteButton}
      </div>
      <LoadedPages pages={pages} empty={null}>
        {(members) => (
          <>
            <ul className="card member-rows">
              {members.map((member) => (
                <Member key={member.id} member={member} />
              ))}
            </ul>
            {members.length === 1 && (
              <Empty icon="people" title={m.empty}>
                <p>{m.emptyHint}</p>
                {inviteButton}
              </Empty>
            )}
          </>
        )}
      </LoadedPages>
      <LoadMore pages={pages} />
      <InviteDialog
        open={inviting}
        roles={roles}
        communities={communities}
        placeOf={placeOf}
        joinAt={joinAt}
        onClose={() => setInviting(false)}
      />
    </>
  );
}

function Member({ member }: { readonly member: TeamMember }) {
  const m = useAccountWords().team;
  const format = useFormats();
  const now = useNow(refreshMs);
  const { session } = useSession();
  const isMe = member.email === session?.me.email;
  const { communityIds, role, state, lastSeenAt } = member;
  return (
    <li className="member-row">
      <span className="member-who">
        <b>{member.name}</b>
        <span className="soft">{member.email}</span>
      </span>
      <span className="member-what">
        {m.role[role]}
        {role === 'guard' && (
          <span className="soft">
            {' '}
            · {communityIds === null ? m.allCommunities : m.communities(communityIds.length)}
          </span>
        )}
      </span>
      <span className="member-when soft">
        {lastSeenAt === null ? m.neverSeen : m.lastSeen(format.timeOrDate(lastSeenAt, now, homeZone))}
        {member.totp && ` · ${m.secondFactor}`}
      </span>
      <span className={`badge ${stateTone[state]}`}>{m.state[state]}</span>
      {isMe ? <span className="soft">{m.you}</span> : <MemberAction member={member} />}
    </li>
  );
}

function MemberAction({ member: { id, name, state } }: { readonly member: TeamMember }) {
  const m = useAccountWords().team;
  const { modal } = App.useApp();
  const change = useWrite('PATCH /v1/team/:id', ['GET /v1/team']);
  const withdraw = useWrite('DELETE /v1/invitations/:id', ['GET /v1/team']);
  const suspend = (): void =>
    void modal.confirm({
      title: m.suspendTitle(name),
      content: m.suspendText,
      okText: m.suspend,
      okButtonProps: { danger: true },
      cancelText: m.cancel,
      onOk: () => change.mutate({ params: { id }, body: { state: 'suspended' } }),
    });
  return (
    <span className="member-action">
      {state === 'invited' && (
        <Button loading={withdraw.isPending} onClick={() => withdraw.mutate({ params: { id } })}>
          {m.withdraw}
        </Button>
      )}
      {state === 'active' && (
        <Button danger loading={change.isPending} onClick={suspend}>
          {m.suspend}
        </Button>
      )}
      {state === 'suspended' && (
        <Button loading={change.isPending} onClick={() => change.mutate({ params: { id }, body: { state: 'active' } })}>
          {m.resume}
        </Button>
      )}
      <ProblemNotice error={change.error ?? withdraw.error} />
    </span>
  );
}
