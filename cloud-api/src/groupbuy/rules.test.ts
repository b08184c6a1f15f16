import { instant } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { orderStatus } from './contract.ts';
import { dealFault, dealStatus, groupTransitions, maskName, orderTransitions, statesBefore } from './rules.ts';

describe('an order', () => {
  it('can only take the steps of the table, for every pair of states', () => {
    const states = orderStatus.options;
    const allowed = states.flatMap((from) =>
      states.filter((to) => statesBefore(orderTransitions, to).includes(from)).map((to) => `${from} → ${to}`),
    );
    expect(allowed).toEqual([
      'awaiting-payment → paid',
      'awaiting-payment → expired',
      'awaiting-payment → cancelled',
      'paid → ready',
      'paid → refunding',
      'ready → picked-up',
      'refunding → refunded',
    ]);
    expect(Object.keys(orderTransitions).sort()).toEqual([...states].sort());
  });
});

describe('a group', () => {
  it('is completed or fails, once', () => {
    const states = ['open', 'complete', 'failed'] as const;
    const allowed = states.flatMap((from) =>
      states.filter((to) => statesBefore(groupTransitions, to).includes(from)).map((to) => `${from} → ${to}`),
    );
    expect(allowed).toEqual(['open → complete', 'open → failed']);
  });
});

describe('a deal', () => {
  const deal = { opensAt: instant(100), closesAt: instant(200), stock: 5, reserved: 2, sold: 2 };
  const none = { minUnits: 0, minPeople: 0, tiers: [], packUnits: 1 };
  const terms = { ...none, opensAt: 100, closesAt: 200, singlePriceFen: 1_000, groupPriceFen: 800, stock: 48 };

  it('is open in its half-open window while something is left', () => {
    const at = (now: number, over = {}) => dealStatus({ ...deal, ...over }, instant(now));
    expect([at(99), at(100), at(199), at(200)]).toEqual(['scheduled', 'open', 'open', 'closed']);
    expect(at(150, { sold: 3 })).toBe('sold-out');
  });

  it('must end after it begins and be cheaper together', () => {
    const fine = { ...terms, mode: 'group', groupSize: 2, groupHours: 24 } as const;
    expect(dealFault(fine, instant(0))).toBeUndefined();
    expect(dealFault({ ...fine, closesAt: 100 }, instant(0))).toBe('deal-window-invalid');
    expect(dealFault(fine, instant(200))).toBe('deal-window-invalid');
    expect(dealFault({ ...fine, groupPriceFen: 1_001 }, instant(0))).toBe('deal-price-invalid');
  });

  it('must be able to come about', () => {
    const faultOf = (over: object) => dealFault({ ...terms, mode: 'community', ...over }, instant(0));
    expect(faultOf({})).toBeUndefined();
    expect(faultOf({ minUnits: 48, minPeople: 48, packUnits: 12 })).toBeUndefined();
    expect(faultOf({ minUnits: 49 })).toBe('deal-terms-invalid');
    expect(faultOf({ minPeople: 49 })).toBe('deal-terms-invalid');
    expect(faultOf({ packUnits: 13 })).toBe('deal-terms-invalid');
    expect(faultOf({ tiers: [{ fromUnits: 49, priceFen: 700 }] })).toBe('deal-terms-invalid');
    expect(faultOf({ tiers: [{ fromUnits: 10, priceFen: 800 }] })).toBe('deal-price-invalid');
    expect(faultOf({ stock: 20_001 })).toBe('deal-terms-invalid');
    expect(faultOf({ groupSize: 2 })).toBe('deal-terms-invalid');
  });

  it('has terms of its own way of coming about alone', () => {
    const faultOf = (over: object) => dealFault({ ...terms, mode: 'group', ...over }, instant(0));
    expect(faultOf({})).toBe('deal-terms-invalid');
    expect(faultOf({ groupSize: 2, groupHours: 24, minUnits: 2 })).toBe('deal-terms-invalid');
    expect(dealFault({ ...terms, mode: 'at-once' }, instant(0))).toBeUndefined();
    expect(dealFault({ ...terms, mode: 'at-once', packUnits: 12 }, instant(0))).toBe('deal-terms-invalid');
  });
});

describe('a buyer', () => {
  it('is a family name and two stars to the store', () => {
    expect([maskName('王小明'), maskName('李'), maskName('𠮷田')]).toEqual(['王**', '李**', '𠮷**']);
  });
});
