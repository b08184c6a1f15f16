import type { Order } from '@gatecast/cloud-api/client';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { GroupLine } from '../../kit/deal/group-line.tsx';
import { orderGroup } from '../../kit/deal/group-progress.ts';
import '../../kit/deal/deal.css';
import { homeZone } from '../../kit/format.ts';
import { useFormats } from '../../kit/i18n/language-context.tsx';
import { Icon, type IconName } from '../../kit/ui/icon.tsx';
import { useOrderWords } from './order-words.ts';
import { AwaitingPayment } from './awaiting-payment.tsx';
import { PickupCode } from './pickup-code.tsx';
import { ShareButton } from './share-button.tsx';

interface StandingProps {
  readonly order: Order;
  /** A time on the page ran out: ask the cloud what became of it. */
  readonly onOver: () => void;
}

/** The one thing that matters about an order now, and what to do about it. */
export function OrderStanding({ order, onOver }: StandingProps) {
  switch (order.status) {
    case 'awaiting-payment':
      return <AwaitingPayment order={order} onOver={onOver} />;
    case 'paid':
      return <WaitingForGroup order={order} onOver={onOver} />;
    case 'ready':
      return order.pickupCode ? <PickupCode code={order.pickupCode} order={order} /> : null;
    default:
      return <Ended order={order} />;
  }
}

function WaitingForGroup({ order, onOver }: StandingProps) {
  const words = useOrderWords();
  const group = orderGroup(order);
  return (
    <section className="card standing">
      <h2>{words.waitingLead}</h2>
      {group && <GroupLine group={group} onOver={onOver} />}
      {group && group.missing > 0 && <p>{words.waitingHint(group.missing)}</p>}
      <ShareButton order={order} missing={group?.missing ?? 0} />
    </section>
  );
}

function Ended({ order }: { readonly order: Order }) {
  const words = useOrderWords();
  const formats = useFormats();
  const price = formats.money(order.totalFen);
  const why = order.group?.status === 'failed' ? words.groupFailedBecause : '';
  switch (order.status) {
    case 'picked-up':
      return (
        <Card icon="check" tone="is-good" lead={words.pickedUpLead}>
          {order.pickedUpAt !== null && words.pickedUpAt(formats.dateTime(order.pickedUpAt, homeZone))}
        </Card>
      );
    case 'refunding':
      return (
        <Card icon="money" tone="is-warn" lead={words.refundingLead}>
          {why} {words.refundingHint(price)}
        </Card>
      );
    case 'refunded':
      return (
        <Card icon="money" tone="is-good" lead={words.refundedLead} again={order.dealId}>
          {why} {words.refundedHint(price)}
        </Card>
      );
    case 'cancelled':
      return (
        <Card icon="cross" tone="" lead={words.cancelledLead} again={order.dealId}>
          {words.cancelledHint}
        </Card>
      );
    default:
      return (
        <Card icon="clock" tone="" lead={words.expiredLead} again={order.dealId}>
          {words.expiredHint}
        </Card>
      );
  }
}

interface CardProps {
  readonly icon: IconName;
  readonly tone: string;
  readonly lead: string;
  /** The deal to look at again. */
  readonly again?: string;
  readonly children: ReactNode;
}

function Card({ icon, tone, lead, again, children }: CardProps) {
  const words = useOrderWords();
  return (
    <section className="card standing is-ended">
      <span className={`standing-picture ${tone}`}>
        <Icon name={icon} size={36} />
      </span>
      <h2>{lead}</h2>
      <p>{children}</p>
      {again && (
        <Link href={`/deals/${again}`} className="button">
          {words.orderAgain}
        </Link>
      )}
    </section>
  );
}
