import { instant, newId } from '@gatecast/firmware-protocol';
import type { JournalRow } from '@gatecast/firmware-protocol/messages';
import { describe, expect, it } from 'vitest';
import { readPlayRows, touchesOf } from './rows-read.ts';

const row = (seq: number, kind: string, body: Record<string, unknown>): JournalRow => ({
  seq,
  prev: '0'.repeat(64),
  kind,
  wallMs: instant(1),
  monoMs: 1,
  boot: 'b',
  clock: 'synced',
  body,
  privateHash: null,
});
const halfHour = { at: 0, entrance: newId('entrance'), placement: 'gate', touches: { opening: 12 } };

describe('rows of the play stream', () => {
  it('are read where they are understood and passed over where they are not', () => {
    const { known, unread } = readPlayRows([
      row(1, 'half-hour', halfHour),
      row(2, 'half-hour', { ...halfHour, at: 'noon' }),
      row(3, 'hologram', {}),
    ]);
    expect(known).toMatchObject([{ kind: 'half-hour', seq: 1 }]);
    expect(unread).toEqual([2, 3]);
  });

  it('add up the touches of a half-hour, unless a count was withheld', () => {
    const of = (touches: object) => touchesOf({ ...halfHour, at: instant(0), placement: 'gate', touches });
    expect([of({ opening: 12, 'lift-call': 13 }), of({ opening: null }), of({})]).toEqual([25, null, null]);
  });

  it('keep no count below ten, even if a terminal tells one', () => {
    const of = (touches: object) => touchesOf({ ...halfHour, at: instant(0), placement: 'gate', touches });
    expect([of({ opening: 9 }), of({ opening: 12, 'lift-call': 3 }), of({ opening: 10 })]).toEqual([null, null, 10]);
  });
});
