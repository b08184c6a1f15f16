import type { Pass } from '@gatecast/cloud-api/client';
import { Icon } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/zh.ts';

/** Proof that the doors know a code: how many terminals have it in force, of those that should. */
export function Delivery({ delivered: { terminals, of } }: { readonly delivered: Pass['delivered'] }) {
  const m = useMessages().passes;
  if (of === 0) return <span className="badge is-warn">{m.noTerminals}</span>;
  const complete = terminals >= of;
  return (
    <span className={`badge ${complete ? 'is-good' : 'is-brand'}`}>
      <Icon name={complete ? 'check' : 'upload'} size={16} />
      <span>{m.delivered(terminals, of)}</span>
    </span>
  );
}
