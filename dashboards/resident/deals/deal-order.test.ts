import { expect, test } from 'vitest';
import type { Deal } from '@gatecast/cloud-api/client';
import { inShopOrder } from './deal-order.ts';

const deal = (id: string, facts: Partial<Deal>): Deal => ({
  id,
  storeId: 'stor_1',
  storeName: '',
  storeAddress: '',
  storeHours: '',
  merchantId: 'mrch_1',
  communityId: 'comm_1',
  title: id,
  description: '',
  singlePriceFen: 2,
  groupPriceFen: 1,
  groupSize: 3,
  groupHours: 24,
  kind: 'goods',
  mode: 'group',
  guaranteed: false,
  minUnits: 0,
  minPeople: 0,
  tiers: [],
  packUnits: 1,
  joined: null,
  outcome: null,
  finalPriceFen: null,
  stock: 9,
  left: 9,
  perPersonMax: 1,
  opensAt: 0,
  closesAt: 100,
  status: 'open',
  imageUrl: null,
  openGroup: null,
  ...facts,
});
const waiting = (paid: number, size: number) => ({ openGroup: { id: 'grp_1', paid, size, expiresAt: 50 } });

test('groups that want one more stand in front, sold-out deals behind, ended ones are gone', () => {
  const deals = [
    deal('sold out', { status: 'sold-out' }),
    deal('ended', { status: 'closed' }),
    deal('no group', {}),
    deal('wants four', waiting(1, 5)),
    deal('wants one', waiting(2, 3)),
    deal('tomorrow', { status: 'scheduled' }),
  ];
  expect(inShopOrder(deals).map((each) => each.id)).toEqual([
    'wants one',
    'wants four',
    'no group',
    'tomorrow',
    'sold out',
  ]);
});

test('of two deals without a group the one that ends sooner comes first', () => {
  const shown = inShopOrder([deal('later', { closesAt: 200 }), deal('sooner', {})]);
  expect(shown.map((each) => each.id)).toEqual(['sooner', 'later']);
});
