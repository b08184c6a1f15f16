import { expect, it } from 'vitest';
import { balancesOf } from './balances.ts';

it('adds up entries by account', () => {
  const entries = [
    { account: 'clearing', amountFen: -3990 },
    { account: 'store', amountFen: 3890 },
    { account: 'fee', amountFen: 100 },
    { account: 'store', amountFen: 110 },
    { account: 'clearing', amountFen: -110 },
  ];
  expect(balancesOf(entries)).toEqual([
    { account: 'clearing', balanceFen: -4100 },
    { account: 'store', balanceFen: 4000 },
    { account: 'fee', balanceFen: 100 },
  ]);
});
