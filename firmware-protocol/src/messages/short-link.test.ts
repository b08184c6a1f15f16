import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halfHourOf, instant } from '../units/time.ts';
import { parseShortLink, shortLinkPayload, shortLinkToken } from './short-link.ts';

const link = fc.record({
  terminalNo: fc.integer({ min: 1, max: 0xffffffff }),
  halfHour: fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2200, 0, 1) }).map((ms) => halfHourOf(instant(ms))),
  campaignNo: fc.integer({ min: 0, max: 0xffffffff }),
  clipPrefix: fc.integer({ min: 0, max: 0xffffffff }).map((n) => n.toString(16).padStart(8, '0')),
});

describe('the link in a QR code', () => {
  it('comes back as it went in, in 35 characters', () => {
    fc.assert(
      fc.property(link, fc.uint8Array({ minLength: 32, maxLength: 32 }), (made, mac) => {
        const token = shortLinkToken(shortLinkPayload(made), mac);
        expect(token).toHaveLength(35);
        const parsed = parseShortLink(token);
        expect(parsed?.link).toEqual(made);
        expect(parsed?.mac).toEqual(mac.slice(0, 10));
      }),
    );
  });

  it('is refused in any other form, without an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => text.length === 35 || parseShortLink(text) === undefined),
    );
    expect(parseShortLink('A'.repeat(35))).toBeUndefined();
  });
});
