/** What one order asks of goods that come in cases. */
export interface CaseWish {
  readonly orderId: string;
  readonly quantity: number;
  /** Would be taken on top if it fills a case; paid in advance like the rest, and sent back where it does not. */
  readonly extraUnits: number;
}

/**
 * Shares whole cases out among orders, in the order given. A last case is opened if what is left of the wishes and what would be taken on top fill it.
 * What is on top goes round one by one, so that nobody fills a case alone; where a last case can't be filled, the latest wishes go short by what is in it.
 * Gives the units of each order, together a whole number of cases.
 */
export function shareCases(wishes: readonly CaseWish[], packUnits: number): ReadonlyMap<string, number> {
  const wanted = sum(wishes, ({ quantity }) => quantity);
  const onTop = sum(wishes, ({ extraUnits }) => extraUnits);
  const rest = wanted % packUnits;
  const opens = rest > 0 && rest + onTop >= packUnits;
  const got = new Map(wishes.map(({ orderId, quantity }) => [orderId, quantity]));
  if (opens) giveOnTop(wishes, got, packUnits - rest);
  else takeBack(wishes, got, rest);
  return got;
}

function giveOnTop(wishes: readonly CaseWish[], got: Map<string, number>, units: number): void {
  let left = units;
  for (let round = 1; left > 0; round += 1)
    for (const { orderId, quantity, extraUnits } of wishes) {
      if (left === 0 || extraUnits < round) continue;
      got.set(orderId, quantity + round);
      left -= 1;
    }
}

function takeBack(wishes: readonly CaseWish[], got: Map<string, number>, units: number): void {
  let left = units;
  for (const { orderId, quantity } of wishes.toReversed()) {
    const less = Math.min(left, quantity);
    if (less === 0) return;
    got.set(orderId, quantity - less);
    left -= less;
  }
}

const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0);
