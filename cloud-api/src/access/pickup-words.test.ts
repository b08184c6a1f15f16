import { after, instant } from '@gatecast/firmware-protocol';
import { personalNoticesMax } from '@gatecast/firmware-protocol/messages';
import { describe, expect, it } from 'vitest';
import { pickupWordMs, wordsFor } from './pickup-words.ts';

const now = instant(1_770_000_000_000);
const names = new Map([
  ['one', 'A'.repeat(22)],
  ['two', 'B'.repeat(22)],
]);

describe('words for those who wait for their goods', () => {
  it('are for who has a name and something that waits, and say neither what nor where', () => {
    const since = new Map([
      ['one', now],
      ['nobody we know', now],
    ]);
    expect(wordsFor(names, since, now)).toEqual([
      { name: 'A'.repeat(22), kind: 'pick-up', until: after(now, pickupWordMs) },
    ]);
  });

  it('end after a week', () => {
    const since = new Map([['one', now]]);
    expect(wordsFor(names, since, instant(now + pickupWordMs - 1))).toHaveLength(1);
    expect(wordsFor(names, since, instant(now + pickupWordMs))).toEqual([]);
  });

  it('are as many as a document holds, the newest of them', () => {
    const many = Array.from({ length: personalNoticesMax + 1 }, (_, n) => `resident ${n}`);
    const all = new Map(many.map((id) => [id, id.padEnd(22, '-')]));
    const words = wordsFor(all, new Map(many.map((id, n) => [id, instant(now - n)])), now);
    expect(words).toHaveLength(personalNoticesMax);
    expect(words.map(({ name }) => name)).not.toContain(all.get(`resident ${personalNoticesMax}`));
  });
});
