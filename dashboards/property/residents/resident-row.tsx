import type { Resident } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { Icon } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/zh.ts';
import { LeaseBadge } from './lease-badge.tsx';

/** One resident of the list; the whole row leads to their page. */
export function ResidentRow({ resident }: { readonly resident: Resident }) {
  const m = useMessages();
  const left = resident.state === 'moved-out';
  return (
    <li>
      <Link href={`/residents/${resident.id}`} className={`resident-row ${left ? 'is-over' : ''}`}>
        <span className="resident-mark" aria-hidden="true">
          {resident.name.slice(0, 1)}
        </span>
        <b className="resident-name">{resident.name}</b>
        <span className="resident-home digits">
          {resident.building} · {m.log.unit(resident.unit)}
        </span>
        <span className="resident-phone digits soft">{resident.phoneMasked}</span>
        <span className="resident-badges">
          <span className="badge">{m.residents.relation[resident.relation]}</span>
          {resident.isChild && <span className="badge">{m.residents.child}</span>}
          {left ? <span className="badge">{m.residents.states['moved-out']}</span> : <Standing resident={resident} />}
        </span>
        <Icon name="forward" />
      </Link>
    </li>
  );
}

/** What is worth looking after: no PIN yet, or a lease that is about to end. */
function Standing({ resident }: { readonly resident: Resident }) {
  const m = useMessages().residents;
  return (
    <>
      {!resident.hasPin && (
        <span className="badge is-warn">
          <Icon name="alert" size={16} />
          {m.noPin}
        </span>
      )}
      {resident.leaseEndsOn !== null && <LeaseBadge endsOn={resident.leaseEndsOn} soonOnly />}
    </>
  );
}
