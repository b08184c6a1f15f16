import { instant } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { isLeaseOver, leaseEnd, today } from './lease.ts';

const utc = (text: string) => instant(Date.parse(text));

describe('a lease', () => {
  it('is over at the midnight after its last day, where the community is', () => {
    expect(leaseEnd('2027-06-30', 'Asia/Shanghai')).toBe(utc('2027-06-30T16:00:00Z'));
    expect(leaseEnd('2026-12-31', 'Europe/Berlin')).toBe(utc('2026-12-31T23:00:00Z'));
    expect(leaseEnd('2028-02-28', 'UTC')).toBe(utc('2028-02-29T00:00:00Z'));
  });

  it('ends rightly on days of 23 and of 25 hours', () => {
    expect(leaseEnd('2026-03-28', 'Europe/Berlin')).toBe(utc('2026-03-28T23:00:00Z'));
    expect(leaseEnd('2026-03-29', 'Europe/Berlin')).toBe(utc('2026-03-29T22:00:00Z'));
    expect(leaseEnd('2026-10-25', 'Europe/Berlin')).toBe(utc('2026-10-25T23:00:00Z'));
  });

  it('ends at the first moment of a day that has no midnight', () => {
    // Cairo went to summer time at midnight of 25 April 2025: the day began at 01:00.
    expect(leaseEnd('2025-04-24', 'Africa/Cairo')).toBe(utc('2025-04-24T22:00:00Z'));
    expect(today(leaseEnd('2025-04-24', 'Africa/Cairo'), 'Africa/Cairo')).toBe('2025-04-25');
  });

  it('is over for exactly those moments at which its end is past', () => {
    for (const zone of ['Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Kiritimati']) {
      const end = leaseEnd('2026-10-25', zone);
      expect(isLeaseOver('2026-10-25', instant(end - 1), zone)).toBe(false);
      expect(isLeaseOver('2026-10-25', end, zone)).toBe(true);
    }
    expect(isLeaseOver(null, utc('2026-10-25T00:00:00Z'), 'UTC')).toBe(false);
  });
});
