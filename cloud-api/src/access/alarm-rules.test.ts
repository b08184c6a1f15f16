import { instant, newId } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { endedByAck, followWords, needsEyes, type NamedWord } from './alarm-rules.ts';

const entranceId = newId('entrance');
let seq = 0;
const word = (kind: NamedWord['kind'], active = true): NamedWord => {
  seq += 1;
  return { entranceId, kind, active, epoch: 1, seq, at: instant(seq), credentialId: null };
};

describe('the words of a journal about one alarm', () => {
  it('raise it once while it lasts, and end what they raised', () => {
    const [raise, again, over] = [word('tamper'), word('tamper'), word('tamper', false)];
    expect(followWords(false, [raise, again, over])).toMatchObject({
      endedAt: undefined,
      raised: [{ seq: raise.seq, endedAt: over.at }],
    });
  });

  it('end the one that stood before them, and raise the next', () => {
    const [over, next] = [word('held-open', false), word('held-open')];
    expect(followWords(true, [over, next])).toMatchObject({
      endedAt: over.at,
      raised: [{ seq: next.seq, endedAt: null }],
    });
    expect(followWords(false, [over])).toEqual({ endedAt: undefined, raised: [] });
  });

  it('about moments are each an alarm by itself', () => {
    expect(followWords(false, [word('wrong-codes'), word('wrong-codes'), word('duress')]).raised).toHaveLength(3);
  });
});

describe('an alarm', () => {
  const at = instant(5);
  it('needs eyes until it is acknowledged and over; one about a moment until it is acknowledged', () => {
    expect(needsEyes({ kind: 'forced', endedAt: at, ackedAt: null })).toBe(true);
    expect(needsEyes({ kind: 'forced', endedAt: null, ackedAt: at })).toBe(true);
    expect(needsEyes({ kind: 'forced', endedAt: at, ackedAt: at })).toBe(false);
    expect(needsEyes({ kind: 'duress', endedAt: null, ackedAt: at })).toBe(false);
  });

  it('is over with its acknowledgement if it is a call for help, or of a terminal out of service', () => {
    const now = instant(9);
    expect(endedByAck({ kind: 'help', endedAt: null, inService: true }, now)).toBe(now);
    expect(endedByAck({ kind: 'power', endedAt: null, inService: true }, now)).toBeNull();
    expect(endedByAck({ kind: 'power', endedAt: null, inService: false }, now)).toBe(now);
    expect(endedByAck({ kind: 'power', endedAt: at, inService: false }, now)).toBe(at);
    expect(endedByAck({ kind: 'duress', endedAt: null, inService: false }, now)).toBeNull();
  });
});
