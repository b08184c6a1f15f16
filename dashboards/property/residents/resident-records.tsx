import { Button } from 'antd';
import type { Resident } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { Icon } from '../../kit/ui/icon.tsx';
import { Loaded } from '../../kit/ui/states.tsx';
import { useNow } from '../../kit/use-now.ts';
import { AccessEventRow } from '../access-log/access-event-row.tsx';
import { useCommunity } from '../community-context.tsx';
import { useMessages } from '../messages/zh.ts';
import '../access-log/access-log.css';

const shownMax = 10;
const refreshMs = 5_000;

/** When they came and went. Asked for by hand, because each look at it is noted and the resident can see that. */
export function ResidentRecords({ resident }: { readonly resident: Resident }) {
  const m = useMessages().residents;
  const [asked, setAsked] = useState(false);
  return (
    <section className="card">
      <div className="row spread">
        <h2>{m.records}</h2>
        {asked && (
          <Link href={`/access-log?resident=${resident.id}`} className="more-link">
            {m.recordsAll}
          </Link>
        )}
      </div>
      {asked ? (
        <Records resident={resident} />
      ) : (
        <>
          <p className="soft">{m.recordsHint}</p>
          <Button className="card-action" icon={<Icon name="list" size={18} />} onClick={() => setAsked(true)}>
            {m.recordsShow}
          </Button>
        </>
      )}
    </section>
  );
}

function Records({ resident }: { readonly resident: Resident }) {
  const m = useMessages().residents;
  const now = useNow(refreshMs);
  const zone = useCommunity().community?.zone ?? homeZone;
  const query = useRead('GET /v1/access-events', {
    query: { communityId: resident.communityId, residentId: resident.id, limit: shownMax },
  });
  return (
    <Loaded query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="soft">{m.recordsEmpty}</p>
        ) : (
          <ol className="access-rows is-compact">
            {items.map((event) => (
              <AccessEventRow key={event.id} event={event} now={now} zone={zone} showDoor />
            ))}
          </ol>
        )
      }
    </Loaded>
  );
}
