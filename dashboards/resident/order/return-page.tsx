import { Redirect, useSearch } from 'wouter';
import { useRead } from '../../kit/api/api-context.tsx';
import { paidOf } from '../../kit/api/payment-return.ts';
import { LoadedOver } from '../../kit/ui/skeleton.tsx';
import { SignedInOrders } from './signed-in-orders.tsx';

/** Back from the payment page: on to the order that was paid, or to the newest where the address does not say which. */
export function ReturnPage() {
  const known = paidOf(useSearch());
  if (known) return <Redirect href={`/orders/${known}?paid`} replace />;
  return (
    <SignedInOrders>
      <NewestOrder />
    </SignedInOrders>
  );
}

function NewestOrder() {
  const query = useRead('GET /v1/orders', { query: { limit: 1 } });
  return (
    <LoadedOver query={query} heights={[220, 120]}>
      {({ items: [newest] }) => <Redirect href={newest ? `/orders/${newest.id}?paid` : '/orders'} replace />}
    </LoadedOver>
  );
}
