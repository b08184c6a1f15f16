import { Icon } from '../../kit/ui/icon.tsx';
import { useMessages } from '../messages/use-messages.ts';

interface StoreCardProps {
  readonly name: string;
  readonly address: string;
  /** As the store writes them; unknown on an order's page. */
  readonly hours?: string;
}

/** Where the goods are picked up, large enough not to end up at the shop next door. */
export function StoreCard({ name, address, hours }: StoreCardProps) {
  const words = useMessages();
  return (
    <section className="card store-card">
      <h2>{words.whereToPickUp}</h2>
      <p className="store-name">
        <Icon name="shop" size={22} /> <strong>{name}</strong>
      </p>
      <p>
        <Icon name="place" size={22} /> <span>{address}</span>
      </p>
      {hours && (
        <p>
          <Icon name="clock" size={22} />
          <span>
            {words.openHours} <span className="digits">{hours}</span>
          </span>
        </p>
      )}
    </section>
  );
}
