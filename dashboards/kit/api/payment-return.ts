/** Where the payment page sends the person back to; `path` is one of this app's, `/h5/orders/paid`. The cloud adds `?paid=` with what was paid for. */
export const returnUrlOf = (path: string): string => location.origin + path;

/** Anybody can write an address. */
const idShape = /^[a-z]{2,5}_[0-9a-z]{20}$/;

/** The id of the order or booking that the payment page was left for; null if this is another address. */
export function paidOf(search: string): string | null {
  const id = new URLSearchParams(search).get('paid');
  return id !== null && idShape.test(id) ? id : null;
}
