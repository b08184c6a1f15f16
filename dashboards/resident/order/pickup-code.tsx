import type { Order } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Dialog } from '../../kit/ui/dialog.tsx';
import { Icon } from '../../kit/ui/icon.tsx';
import { useOrderWords } from './order-words.ts';

interface PickupCodeProps {
  /** Eight digits. */
  readonly code: string;
  readonly order: Order;
}

/** What is shown over the counter: eight digits that can be read from across it. */
export function PickupCode({ code, order }: PickupCodeProps) {
  const words = useOrderWords();
  const [large, setLarge] = useState(false);
  return (
    <section className="card standing pickup">
      <h2>
        <Icon name="check" size={24} /> {words.readyLead}
      </h2>
      <button type="button" className="pickup-block" onClick={() => setLarge(true)}>
        <span className="visually-hidden">{words.enlarge}</span>
        <span className="pickup-label">{words.pickupCode}</span>
        <Digits code={code} />
        <span className="pickup-what">
          {order.dealTitle} <strong className="digits">{words.times(order.quantity)}</strong>
        </span>
      </button>
      <p>{words.pickupCodeHint}</p>
      <Dialog open={large} title={words.pickupCode} onClose={() => setLarge(false)}>
        <div className="pickup-large">
          <Digits code={code} />
          <p>
            {order.dealTitle} <strong className="digits">{words.times(order.quantity)}</strong>
          </p>
        </div>
      </Dialog>
    </section>
  );
}

/** In two halves, as one reads it out; a screen reader gets it digit by digit. */
function Digits({ code }: { readonly code: string }) {
  return (
    <span className="pickup-digits digits">
      <span className="visually-hidden">{Array.from(code).join(' ')}</span>
      {[code.slice(0, 4), code.slice(4)].map((half, index) => (
        <span key={index} aria-hidden="true">
          {half}
        </span>
      ))}
    </span>
  );
}
