import { after, days, instant } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { passState } from './rules.ts';

const now = instant(1_770_000_000_000);

describe('a pass', () => {
  const pass = { from: now, to: after(now, days(1)), revokedAt: null };
  it('is good from its first moment until just before its last', () => {
    expect(passState(pass, instant(now - 1))).toBe('scheduled');
    expect(passState(pass, now)).toBe('active');
    expect(passState(pass, pass.to)).toBe('expired');
    expect(passState({ ...pass, revokedAt: now }, now)).toBe('revoked');
  });
});
