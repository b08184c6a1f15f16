import { expect, test } from 'vitest';
import { paidOf } from './payment-return.ts';

test('the way back says what was paid for, and takes nothing else for it', () => {
  expect(paidOf('?paid=bkng_0123456789abcdefghij&lang=en')).toBe('bkng_0123456789abcdefghij');
  for (const search of ['', '?paid', '?paid=', '?paid=../me', '?paid=bkng_0123456789abcdefghij/cancel', '?other=1'])
    expect(paidOf(search)).toBeNull();
});
