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

  it('is open in its half-open window while something is left', () => {
    const at = (now: number, over = {}) => dealStatus({ ...deal, ...over }, instant(now));
    expect([at(99), at(100), at(199), at(200)]).toEqual(['scheduled', 'open', 'open', 'closed']);
    expect(at(150, { sold: 3 })).toBe('sold-out');
  });

  it('must end after it begins and be cheaper together', () => {
    const fine = { opensAt: 100, closesAt: 200, singlePriceFen: 1_000, groupPriceFen: 800 };
    expect(dealFault(fine, instant(0))).toBeUndefined();
    expect(dealFault({ ...fine, closesAt: 100 }, instant(0))).toBe('deal-window-invalid');
    expect(dealFault(fine, instant(200))).toBe('deal-window-invalid');
    expect(dealFault({ ...fine, groupPriceFen: 1_001 }, instant(0))).toBe('deal-price-invalid');
  });
});

describe('a buyer', () => {
  it('is a family name and two stars to the store', () => {
    expect([maskName('王小明'), maskName('李'), maskName('𠮷田')]).toEqual(['王**', '李**', '𠮷**']);
  });
});
