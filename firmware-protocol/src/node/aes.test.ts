import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cbcByANewObject } from './aes-cbc.fixture.ts';
import { aes128 } from './aes.ts';

const key = Uint8Array.from({ length: 16 }, (_, index) => index);
const zeros = new Uint8Array(16);

function ecbByTheBlock(blocks: Uint8Array): number[] {
  const ats = Array.from({ length: blocks.length / 16 }, (_, block) => block * 16);
  return ats.flatMap((at) => [...cbcByANewObject(key, zeros, blocks.subarray(at, at + 16))]);
}

test('one object for all calls gives what a new one for each would, in whatever order they come', () => {
  const cipher = aes128(key);
  const call = fc.record({
    way: fc.constantFrom('encrypt', 'encryptChained', 'decrypt'),
    blocks: fc
      .integer({ min: 1, max: 5 })
      .chain((count) => fc.uint8Array({ minLength: count * 16, maxLength: count * 16 })),
  });
  fc.assert(
    fc.property(call, ({ way, blocks }) => {
      const given = cipher[way](blocks.slice());
      if (way === 'encryptChained') {
        expect([...given]).toEqual([...cbcByANewObject(key, zeros, blocks)]);
      } else if (way === 'encrypt') {
        expect([...given]).toEqual(ecbByTheBlock(blocks));
      } else {
        expect(ecbByTheBlock(given)).toEqual([...blocks]);
      }
    }),
    { numRuns: 500 },
  );
});

test.each([0, 1, 15, 17])('%i bytes are refused, and disturb nothing', (length) => {
  const cipher = aes128(key);
  for (const way of ['encrypt', 'encryptChained', 'decrypt'] as const) {
    expect(() => cipher[way](new Uint8Array(length))).toThrow(RangeError);
  }
  expect([...cipher.encryptChained(new Uint8Array(16))]).toEqual([...cbcByANewObject(key, zeros, zeros)]);
});
