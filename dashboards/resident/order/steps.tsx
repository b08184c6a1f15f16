import type { Order } from '@gatecast/cloud-api/client';
import { Icon } from '../../kit/ui/icon.tsx';
import { useOrderWords } from './order-words.ts';
import { orderSteps } from './order-steps.ts';

const pictures = { done: 'check', stopped: 'cross' } as const;

/** Ordered, paid, group, picked up: where the order stands. */
export function Steps({ status }: { readonly status: Order['status'] }) {
  const words = useOrderWords();
  return (
    <ol className="order-steps">
      {orderSteps(status).map(({ name, state }, index) => (
        <li key={name} className={`is-${state}`} aria-current={state === 'now' ? 'step' : undefined}>
          <span className="order-step-dot">
            {state === 'done' || state === 'stopped' ? <Icon name={pictures[state]} size={18} /> : index + 1}
          </span>
          {words.steps[name]}
        </li>
      ))}
    </ol>
  );
}
