/** From the door to the counter: how many at each hop. */
export interface Funnel {
  /** Verified exposures in half-hours that are reported. */
  readonly touches: number;
  readonly scans: number;
  readonly orders: number;
  readonly pickedUp: number;
}

export const noFunnel: Funnel = { touches: 0, scans: 0, orders: 0, pickedUp: 0 };

/** Of several campaigns. */
export const together = (all: readonly Funnel[]): Funnel =>
  all.reduce(
    (sum, one) => ({
      touches: sum.touches + one.touches,
      scans: sum.scans + one.scans,
      orders: sum.orders + one.orders,
      pickedUp: sum.pickedUp + one.pickedUp,
    }),
    noFunnel,
  );
