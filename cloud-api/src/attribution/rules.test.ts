import { after, days, halfHourMs, instant, minutes } from '@gatecast/firmware-protocol';
import { shortLinkPayload, shortLinkToken } from '@gatecast/firmware-protocol/messages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { furthest, reachedBy, readShortLink } from './rules.ts';

const halfHour = instant(Date.parse('2026-11-22T10:30:00Z'));
const link = { terminalNo: 4, halfHour, campaignNo: 9, clipPrefix: '00ab12cd' };
const token = shortLinkToken(shortLinkPayload(link), new Uint8Array(10));

describe('a scanned code', () => {
  it('names terminal, half-hour, campaign and clip', () => {
    expect(readShortLink(token, after(halfHour, minutes(3)))).toMatchObject({ link });
  });

  it('is good for thirty days and not before its half-hour', () => {
    expect(readShortLink(token, instant(halfHour - 1))).toEqual({ fault: 'from-the-future' });
    expect(readShortLink(token, after(halfHour, days(30)))).toMatchObject({ link });
    expect(readShortLink(token, instant(halfHour + days(30) + 1))).toEqual({ fault: 'too-old' });
    expect(readShortLink(token, after(halfHour, halfHourMs))).toMatchObject({ link });
  });

  it('is refused in any other form without a fuss', () => {
    fc.assert(fc.property(fc.string(), (text) => 'fault' in readShortLink(text, halfHour)));
    expect(readShortLink(token.slice(1), halfHour)).toEqual({ fault: 'malformed' });
  });
});

describe('a trace', () => {
  it('tells how far it came', () => {
    const reached = [null, 'awaiting-payment', 'expired', 'paid', 'ready', 'refunded', 'picked-up'].map((status) =>
      reachedBy(status === null ? null : { status }),
    );
    expect(reached).toEqual(['visit', 'order', 'order', 'paid', 'paid', 'paid', 'picked-up']);
  });

  it('follows the order that came furthest', () => {
    const orders = ['expired', 'paid', 'picked-up', 'ready'].map((status) => ({ status }));
    expect(furthest(orders)).toEqual({ status: 'picked-up' });
    expect(furthest([])).toBeNull();
  });
});
