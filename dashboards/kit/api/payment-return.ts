/**
 * The way back from a payment page. What is paid has no id yet when the return address is sent, so the idempotency key of the attempt
 * stands for it, and this tab remembers what the attempt became.
 */
const placeOf = (attempt: string): string => `gatecast.paid.${attempt}`;

/** Where the payment page sends the person back to; `path` is one of this app's, `/h5/orders/paid`. */
export const returnUrlOf = (path: string, attempt: string): string => `${location.origin}${path}?paid=${attempt}`;

/** What an attempt became: the id of an order or a booking. */
export function rememberAttempt(attempt: string, id: string): void {
  sessionStorage.setItem(placeOf(attempt), id);
}

/** What the return address stands for; null in another tab or browser. */
export function attemptOf(search: string): string | null {
  const attempt = new URLSearchParams(search).get('paid');
  return attempt ? sessionStorage.getItem(placeOf(attempt)) : null;
}
