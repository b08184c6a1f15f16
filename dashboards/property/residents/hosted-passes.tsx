import type { Resident } from '@gatecast/cloud-api/client';
import { Link } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Loaded } from '../../kit/ui/states.tsx';
import { useCommunity } from '../community-context.tsx';
import { useMessages } from '../messages/zh.ts';
import { passTone, passWindowText } from '../passes/pass-text.ts';
import { useNow } from '../../kit/use-now.ts';

const shownMax = 10;
const refreshMs = 30_000;

/** The visitors whom this resident asked in, newest first. */
export function HostedPasses({ resident }: { readonly resident: Resident }) {
  const m = useMessages();
  const format = useFormats();
  const now = useNow(refreshMs);
  const zone = useCommunity().community?.zone ?? homeZone;
  const query = useRead('GET /v1/passes', {
    query: { communityId: resident.communityId, hostId: resident.id, limit: shownMax },
  });
  return (
    <section className="card">
      <h2>{m.residents.hosted}</h2>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="soft">{m.residents.hostedNone}</p>
          ) : (
            <ul className="plain-rows">
              {items.map((pass) => (
                <li key={pass.id}>
                  <Link href={`/passes/${pass.id}`}>{pass.label}</Link>
                  <span className="soft">{passWindowText(pass, m.passes, format, now, zone)}</span>
                  <span className={`badge ${passTone[pass.state]}`}>{m.passes.state[pass.state]}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}
