import type { Resident } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useCommunity } from '../community-context.tsx';
import { Fact } from '../fact.tsx';
import { useMessages } from '../messages/zh.ts';
import { LeaseBadge } from './lease-badge.tsx';

/** Who they are and until when, as far as the property may know. */
export function ResidentFacts({ resident }: { readonly resident: Resident }) {
  const m = useMessages();
  const words = m.residents;
  const format = useFormats();
  const zone = useCommunity().community?.zone ?? homeZone;
  const { relation, leaseEndsOn, floor, openMs, movedOutAt } = resident;
  return (
    <section className="card">
      <h2>{words.about}</h2>
      <dl className="facts">
        <Fact name={words.relationLabel}>
          {words.relation[relation]}
          {resident.isChild && ` · ${words.child}`}
        </Fact>
        {resident.phoneMasked !== '' && (
          <Fact name={words.phone}>
            <span className="digits">{resident.phoneMasked}</span>
          </Fact>
        )}
        <Fact name={words.unit}>
          {resident.building} · {m.log.unit(resident.unit)}
          {floor !== null && ` · ${words.floor(floor)}`}
        </Fact>
        {resident.guardianId !== null && (
          <Fact name={words.guardian}>
            <Guardian id={resident.guardianId} />
          </Fact>
        )}
        <Fact name={words.movedIn}>{resident.movedInOn}</Fact>
        {movedOutAt !== null && <Fact name={words.movedOut}>{format.dateTime(movedOutAt, zone)}</Fact>}
        {relation === 'tenant' && (
          <Fact name={words.leaseEndsOn}>
            {leaseEndsOn === null ? (
              words.noLease
            ) : (
              <>
                {leaseEndsOn} {resident.state === 'active' && <LeaseBadge endsOn={leaseEndsOn} />}
              </>
            )}
          </Fact>
        )}
        <Fact name={words.longerOpening}>{openMs === null ? words.openAsDoor : words.openFor(openMs / 1_000)}</Fact>
      </dl>
    </section>
  );
}

function Guardian({ id }: { readonly id: string }) {
  const { data } = useRead('GET /v1/residents/:id', { params: { id } });
  return data ? <Link href={`/residents/${id}`}>{data.name}</Link> : null;
}
