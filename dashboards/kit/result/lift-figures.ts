import type { Lift } from '@gatecast/cloud-api/client';

type Effect = NonNullable<Lift['ordersPerDay']>;

/** With a sign, and no finer than the range is wide: the digits that mean something. */
export function shownEffect({ estimate, low, high }: Effect): Record<keyof Effect, string> {
  const digits = high - low >= 10 ? 0 : high - low >= 1 ? 1 : 2;
  const signed = (value: number): string => {
    const text = Math.abs(value).toFixed(digits);
    if (Number(text) === 0) return text;
    return `${value > 0 ? '+' : '−'}${text}`;
  };
  return { estimate: signed(estimate), low: signed(low), high: signed(high) };
}
