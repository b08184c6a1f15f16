import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyBuffer, keyGapMsMax, keysMax, typeKey, type Entered } from './typed-code.ts';

/** Types keys one second apart and tells what was entered. */
function type(keys: string, gapMs = 1_000): { entered: Entered[]; left: string } {
  let buffer = emptyBuffer;
  const entered: Entered[] = [];
  Array.from(keys).forEach((key, n) => {
    const next = typeKey(buffer, key, 1_000_000 + n * gapMs);
    buffer = next.buffer;
    if (next.entered) entered.push(next.entered);
  });
  return { entered, left: buffer.keys };
}

describe('typing at the keypad', () => {
  it.each<[string, Entered[]]>([
    ['1203*739154#', [{ kind: 'unit-pin', unit: '1203', pin: '739154' }]],
    ['48151623#', [{ kind: 'code', code: '48151623' }]],
    ['99*1203*739154#', [{ kind: 'code', code: '739154' }]],
    ['*739154#', [{ kind: 'code', code: '739154' }]],
    ['12345#', [{ kind: 'bad-format' }]],
    ['1203*12345#', [{ kind: 'bad-format' }]],
    ['1234567*739154#', [{ kind: 'bad-format' }]],
    ['12A45678#', [{ kind: 'bad-format' }]],
    ['1*#', [{ kind: 'bad-format' }]],
    ['#', []],
    ['12*#739154#', [{ kind: 'bad-format' }, { kind: 'code', code: '739154' }]],
  ])('%s', (keys, expected) => {
    expect(type(keys).entered).toEqual(expected);
  });

  it('forgets what was begun when the next key takes more than ten seconds', () => {
    const begun = typeKey(emptyBuffer, '7', 1_000).buffer;
    expect(typeKey(begun, '3', 1_000 + keyGapMsMax).buffer.keys).toBe('73');
    expect(typeKey(begun, '3', 1_001 + keyGapMsMax).buffer.keys).toBe('3');
  });

  it('never holds more keys than a code can have, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('0123456789*#ABCD')), maxLength: 200 }), (keys) => {
        expect(type(keys).left.length).toBeLessThanOrEqual(keysMax + 1);
      }),
    );
  });

  it('a code too long to be one is refused, not cut', () => {
    expect(type(`${'1'.repeat(40)}#`).entered).toEqual([{ kind: 'bad-format' }]);
  });
});
