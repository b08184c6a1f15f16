import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodePassCode, passCodesValid, passHours, type PassDigits, type PassPrf } from './pass-code.ts';

const startHours = 8_192;
const nearHour = 490_000;

/** A code that stands for any window at all, whenever that is: so many more than those that open now that a million tries find some. */
function windowsOf(digits: PassDigits): number {
  const classes = passHours.filter((hours) => digits === 10 || hours <= 24).length;
  return startHours * classes * 4;
}

/** The one that terminals use: a million tries of eight calls each would take minutes. */
function byHmac(): PassPrf {
  const key = randomBytes(32);
  return (message) => createHmac('sha256', key).update(message).digest();
}

/** Any good round function has the same odds; this one is fast. */
function byAes(): PassPrf {
  const cipher = createCipheriv('aes-128-ecb', randomBytes(16), null).setAutoPadding(false);
  const block = Buffer.alloc(16);
  return (message) => {
    block.fill(0).set(message);
    return cipher.update(block);
  };
}

describe.each([
  [1_000_000, 9, byAes],
  [1_000_000, 10, byAes],
  [100_000, 9, byHmac],
] as const)('%d random codes of %d digits', (tries, digits, prfOf) => {
  it('find as many windows as were published, and no more', { timeout: 240_000 }, () => {
    const prf = prfOf();
    const { valid, of } = passCodesValid(digits);
    let anyTime = 0;
    let now = 0;
    for (let n = 0; n < tries; n += 1) {
      const code = String(randomBytes(6).readUIntBE(0, 6) % of).padStart(digits, '0');
      const window = decodePassCode(code, nearHour, prf);
      if (!window) continue;
      anyTime += 1;
      const hours = passHours[window.durationClass] ?? 0;
      if (window.startHour <= nearHour && nearHour < window.startHour + hours) now += 1;
    }
    // Poisson, five standard deviations: wrong once in more than a million runs.
    const expected = (tries * windowsOf(digits)) / of;
    console.log(
      `codes of ${digits} digits: ${anyTime} windows in ${tries} tries, ${expected.toFixed(1)} expected; ${now} open now`,
    );
    expect(Math.abs(anyTime - expected)).toBeLessThan(5 * Math.sqrt(expected) + 1);
    expect(now).toBeLessThan((tries * valid) / of + 5 * Math.sqrt((tries * valid) / of) + 2);
  });
});
