import type { Deal } from '@gatecast/cloud-api/client';
import { useState } from 'react';
import { Link } from 'wouter';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { useSession } from '../../kit/session/session-context.tsx';
import { ProblemNotice } from '../../kit/ui/states.tsx';
import { Stepper } from '../../kit/ui/stepper.tsx';
import { useMessages } from '../messages/use-messages.ts';
import { usePlaceOrder } from '../order/use-place-order.ts';
import { LazySignInDialog } from '../lazy-sign-in-dialog.tsx';

interface OrderBarProps {
  readonly deal: Deal;
  /** A group waits that this order would join. */
  readonly joins: boolean;
}

/** The bar at the bottom of a deal's page: how many, and the one button. */
export function OrderBar({ deal, joins }: OrderBarProps) {
  if (deal.status !== 'open' || deal.left === 0) return <ClosedBar deal={deal} />;
  return <OpenBar deal={deal} joins={joins} />;
}

function OpenBar({ deal, joins }: OrderBarProps) {
  const words = useMessages();
  const formats = useFormats();
  const { session } = useSession();
  const [wanted, setWanted] = useState(1);
  const [signingIn, setSigningIn] = useState(false);
  const { placeOrder, busy, error } = usePlaceOrder(deal.id, () => setSigningIn(true));
  const most = Math.min(deal.perPersonMax, deal.left);
  const quantity = Math.min(wanted, most);
  const total = formats.money(quantity * deal.groupPriceFen);
  return (
    <section className="order-bar">
      <ProblemNotice error={error} />
      <div className="order-bar-row">
        <Stepper
          label={words.quantity}
          value={quantity}
          min={1}
          max={most}
          fewer={words.fewer}
          more={words.more}
          onChange={setWanted}
        />
        <button
          type="button"
          className="button is-buy is-large"
          disabled={busy}
          onClick={() => (session ? placeOrder(quantity) : setSigningIn(true))}
        >
          {busy ? words.preparing : `${joins ? words.join : words.open} ${total}`}
        </button>
      </div>
      <LazySignInDialog
        open={signingIn}
        onClose={() => setSigningIn(false)}
        onSignedIn={() => {
          setSigningIn(false);
          placeOrder(quantity);
        }}
      />
    </section>
  );
}

function ClosedBar({ deal }: { readonly deal: Deal }) {
  const words = useMessages();
  const formats = useFormats();
  const why = {
    scheduled: words.opensAt(formats.dateTime(deal.opensAt, homeZone)),
    open: words.soldOut,
    'sold-out': words.soldOut,
    closed: words.closed,
    paused: words.paused,
  };
  return (
    <section className="order-bar">
      <div className="order-bar-row">
        <strong>{why[deal.status]}</strong>
        <Link href="/" className="button is-primary is-large">
          {words.otherDeals}
        </Link>
      </div>
    </section>
  );
}
