const placeOf = (attempt: string): string => `gatecast.resident.paid.${attempt}`;

/** Where the payment page sends the resident back to. The order has no id yet when this is sent, so the attempt stands for it. */
export const returnUrlOf = (attempt: string): string => `${location.origin}/h5/orders/paid?attempt=${attempt}`;

/** The order that an attempt became. */
export function rememberPaidOrder(attempt: string, orderId: string): void {
  sessionStorage.setItem(placeOf(attempt), orderId);
}

/** The order of a return address, or null on another device or in another tab. */
export function paidOrder(search: string): string | null {
  const attempt = new URLSearchParams(search).get('attempt');
  return attempt ? sessionStorage.getItem(placeOf(attempt)) : null;
}
