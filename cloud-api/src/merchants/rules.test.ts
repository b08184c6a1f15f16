import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isCreditCode,
  maskPayee,
  merchantStatesBefore,
  merchantStatuses,
  merchantTransitions,
  missingOf,
  plainCreditCode,
} from './rules.ts';

/** Whose check characters are right. */
const real = ['91440300708461136T', '91330100716105852F', '91110000802100433B'];

describe('a unified social credit code', () => {
  it.each(real)('%s is one', (code) => expect(isCreditCode(code)).toBe(true));

  it('is read as people write it', () => {
    expect(isCreditCode(plainCreditCode(' 91440300 708461136t '))).toBe(true);
  });

  it('is none with any one character exchanged, or two neighbours swapped', () => {
    const alphabet = Array.from('0123456789ABCDEFGHJKLMNPQRTUWXY');
    const [code = ''] = real;
    fc.assert(
      fc.property(fc.nat(17), fc.constantFrom(...alphabet), (at, char) => {
        fc.pre(code[at] !== char);
        expect(isCreditCode(code.slice(0, at) + char + code.slice(at + 1))).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.nat(16), (at) => {
        fc.pre(code[at] !== code[at + 1]);
        expect(isCreditCode(code.slice(0, at) + code[at + 1] + code[at] + code.slice(at + 2))).toBe(false);
      }),
    );
  });

  it.each(['', '91440300708461136', '91440300708461136TT', '9144030070846113OT', '９1440300708461136T'])(
    '%j is none',
    (text) => expect(isCreditCode(text)).toBe(false),
  );
});

it('a payee is shown by its bank, the last character of the name and four digits', () => {
  expect(maskPayee({ holder: '陶小满', bank: '农业银行', account: '6228480402564890018' })).toEqual({
    holder: '**满',
    bank: '农业银行',
    account: '**** 0018',
  });
  expect(maskPayee({ holder: '杭州市西湖区邻里鲜果店', bank: 'X', account: '12345678' }).holder).toBe('***店');
});

it('what an application lacks is named', () => {
  const whole = { licenceNumber: 'x', licenceSha256: 'x', payeeSealed: 'x' };
  expect(missingOf(whole)).toEqual([]);
  expect(missingOf({ ...whole, licenceSha256: null })).toEqual(['licence']);
  expect(missingOf({ licenceNumber: null, licenceSha256: null, payeeSealed: null })).toEqual(['licence', 'payee']);
});

it('a merchant goes no way but those of the table', () => {
  for (const from of merchantStatuses)
    for (const to of merchantStatuses)
      expect([from, to, merchantStatesBefore(to).includes(from)]).toEqual([
        from,
        to,
        merchantTransitions[from].includes(to),
      ]);
  expect(merchantStatesBefore('approved')).toEqual(['applied', 'suspended']);
});
