import { Button } from 'antd';
import { ApiError, type Revocation } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { Empty, Loaded } from '../../kit/ui/states.tsx';
import { useCommunity } from '../community-context.tsx';
import { useMessages } from '../messages/zh.ts';
import './residents.css';

/** Live events tell of each terminal at once; asking again is for what they missed. */
const refetchMs = 5_000;

/** Which doors no longer let somebody in who moved out, and which are still to hear of it. */
export function RevocationProof({ id }: { readonly id: string }) {
  const m = useMessages().residents.proof;
  const resident = useRead('GET /v1/residents/:id', { params: { id } });
  const query = useRead('GET /v1/residents/:id/revocation', { params: { id } }, { refetchInterval: refetchMs });
  const isNotYet = query.error instanceof ApiError && query.error.problem.code === 'not-found';
  return (
    <>
      <Link href={`/residents/${id}`} className="back-link">
        <Icon name="back" />
        {m.back}
      </Link>
      {isNotYet ? (
        <Empty icon="shield" title={m.notYet}>
          <p>{m.notYetHint}</p>
        </Empty>
      ) : (
        <Loaded query={query}>
          {(revocation) => <Proof revocation={revocation} name={resident.data?.name ?? ''} />}
        </Loaded>
      )}
    </>
  );
}

function Proof({ revocation, name }: { readonly revocation: Revocation; readonly name: string }) {
  const m = useMessages().residents.proof;
  const format = useFormats();
  const zone = useCommunity().community?.zone ?? homeZone;
  const { terminals } = revocation;
  const confirmed = terminals.filter(({ state }) => state === 'confirmed').length;
  const complete = confirmed === terminals.length;
  return (
    <>
      <div className="page-head">
        <div>
          <h1>{m.title(name)}</h1>
          <p>
            {m.at(format.dateTime(revocation.at, zone))} · {m.credentials(revocation.credentials)}
          </p>
        </div>
        <Button size="large" className="screen-only" onClick={() => print()}>
          {m.print}
        </Button>
      </div>
      <section className="card stack">
        <output className={`notice ${complete ? 'is-good' : 'is-warn'}`}>
          <Icon name={complete ? 'shield' : 'clock'} size={28} />
          <span>
            <b>{terminals.length === 0 ? m.none : complete ? m.all : m.some(confirmed, terminals.length)}</b>
            {!complete && <span className="notice-more">{m.waitingLead}</span>}
          </span>
        </output>
        {terminals.length > 0 && (
          <ul className="proof-rows">
            {terminals.map((terminal) => (
              <ProofRow key={terminal.terminalId} terminal={terminal} zone={zone} />
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function ProofRow({ terminal, zone }: { readonly terminal: Revocation['terminals'][number]; readonly zone: string }) {
  const m = useMessages().residents.proof;
  const format = useFormats();
  const confirmed = terminal.state === 'confirmed';
  return (
    <li className={confirmed ? 'is-good' : terminal.online ? 'is-brand' : 'is-warn'}>
      <span className="proof-mark">
        {confirmed ? <Icon name="check" /> : terminal.online ? <span className="spinner" /> : <Icon name="alert" />}
      </span>
      <span>
        <b>{terminal.entranceName}</b> <span className="soft">{terminal.name}</span>
      </span>
      <span className="proof-word">
        {terminal.confirmedAt !== null
          ? m.confirmed(format.dateTime(terminal.confirmedAt, zone))
          : terminal.online
            ? m.sending
            : m.offline}
      </span>
    </li>
  );
}
