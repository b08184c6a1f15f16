import type { Pass } from '@gatecast/cloud-api/client';
import { Icon } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/zh.ts';

interface DeliveryProps {
  readonly delivered: Pass['delivered'];
  /** The doors need not have heard of it. */
  readonly worksOffline?: boolean;
}

/** Proof that the doors know of something: how many terminals have it in force, of those that should. */
export function Delivery({ delivered: { terminals, of }, worksOffline = false }: DeliveryProps) {
  const m = useMessages().passes;
  if (worksOffline) {
    return (
      <span className="badge is-good">
        <Icon name="check" size={16} />
        <span>{m.worksOffline}</span>
      </span>
    );
  }
  if (of === 0) return <span className="badge is-warn">{m.noTerminals}</span>;
  const complete = terminals >= of;
  return (
    <span className={`badge ${complete ? 'is-good' : 'is-brand'}`}>
      <Icon name={complete ? 'check' : 'upload'} size={16} />
      <span>{m.delivered(terminals, of)}</span>
    </span>
  );
}
