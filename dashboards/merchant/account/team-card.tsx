import type { Store, TeamMember } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { useReadPages, useWrite } from '../../kit/api/api-context.tsx';
import { Dialog } from '../../kit/ui/dialog.tsx';
import { LoadedPages } from '../../kit/ui/loaded-pages.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { InviteStaff } from './invite-staff.tsx';
import { useTeamWords } from './team-words.ts';
import './team.css';

const tone = { active: 'is-good', suspended: 'is-bad', invited: 'is-warn' } as const;
const staffOnly = { query: { role: 'store-staff' } } as const;

/** Whoever works in the merchant's stores: invited, suspended and brought back here. */
export function TeamCard() {
  const words = useTeamWords();
  const [inviting, setInviting] = useState(false);
  const pages = useReadPages('GET /v1/team', staffOnly);
  const { items: stores } = useReadPages('GET /v1/stores', { query: {} });
  return (
    <section className="card stack">
      <div>
        <h2>{words.title}</h2>
        <p className="staff-soft">{words.intro}</p>
      </div>
      <LoadedPages pages={pages} empty={<p className="staff-soft">{words.none}</p>}>
        {(members) => (
          <ul className="staff-rows">
            {members.map((member) => (
              <Member key={member.id} member={member} stores={stores} />
            ))}
          </ul>
        )}
      </LoadedPages>
      <div>
        <button
          type="button"
          className="button is-primary"
          disabled={stores.length === 0}
          onClick={() => setInviting(true)}
        >
          {words.invite}
        </button>
      </div>
      <Dialog open={inviting} title={words.invite} onClose={() => setInviting(false)}>
        <InviteStaff stores={stores} onDone={() => setInviting(false)} />
      </Dialog>
    </section>
  );
}

function Member({ member, stores }: { readonly member: TeamMember; readonly stores: readonly Store[] }) {
  const words = useTeamWords();
  const { id, name, email, state, storeId } = member;
  const change = useWrite('PATCH /v1/team/:id', ['GET /v1/team']);
  const withdraw = useWrite('DELETE /v1/invitations/:id', ['GET /v1/team']);
  const act = {
    active: { word: words.suspend, run: () => change.mutate({ params: { id }, body: { state: 'suspended' } }) },
    suspended: { word: words.resume, run: () => change.mutate({ params: { id }, body: { state: 'active' } }) },
    invited: { word: words.withdraw, run: () => withdraw.mutate({ params: { id } }) },
  }[state];
  return (
    <li>
      <span className="staff-who">
        <b>{name}</b>
        <span className="staff-soft">
          {email} · {stores.find((store) => store.id === storeId)?.name}
        </span>
      </span>
      <span className={`badge ${tone[state]}`}>{words.state[state]}</span>
      <button type="button" className="button" disabled={change.isPending || withdraw.isPending} onClick={act.run}>
        {act.word}
      </button>
      <ProblemNotice error={change.error ?? withdraw.error} />
    </li>
  );
}
