import { expect, it } from 'vitest';
import { mayBeSoldAs, poolAtLeast, productRules, products, soldProducts } from './products.ts';

it('what is sold counts in something and needs the owners’ word; what is not needs neither', () => {
  for (const product of products) {
    const { isSold, guarantees, countsIn, needsOwnersDecision } = productRules[product];
    expect([product, needsOwnersDecision, guarantees !== 'nothing', countsIn !== 'nothing']).toEqual([
      product,
      isSold,
      isSold,
      isSold,
    ]);
  }
  expect(products.filter((product) => productRules[product].isSold)).toEqual([...soldProducts]);
});

it('only ten people are matched, and never with what would tell of them', () => {
  expect(products.filter((product) => productRules[product].needsOptIn)).toEqual(['ten-people']);
  expect(productRules['ten-people']).toMatchObject({ takesSensitive: false, countsIn: 'distinct-people' });
});

it('a pool is told of as at least so many, and below ten not at all', () => {
  expect([0, 9, 10, 19, 20, 137].map(poolAtLeast)).toEqual([null, null, 10, 10, 20, 130]);
});

it('an advert that tells of health, money or children is sold to everybody or to nobody', () => {
  expect(soldProducts.filter((product) => mayBeSoldAs(product, 'medical'))).toEqual(['touches', 'share']);
  expect(soldProducts.filter((product) => mayBeSoldAs(product, 'food'))).toEqual([...soldProducts]);
  expect(mayBeSoldAs('ten-people', null)).toBe(true);
});
