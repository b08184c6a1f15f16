import { instant, manualClock, minutes } from '@gatecast/firmware-protocol';
import { expect, it } from 'vitest';
import { createBrokenClips } from './broken-clips.ts';

it('a clip that could not be decoded gets another chance after ten minutes', () => {
  const clock = manualClock(instant(1_790_000_000_000));
  const broken = createBrokenClips(clock);
  broken.failed('a');
  expect([broken.has('a'), broken.has('b')]).toEqual([true, false]);
  clock.advance(minutes(10));
  expect(broken.has('a')).toBe(false);
  broken.failed('b');
  broken.failed('a');
  expect([broken.has('a'), broken.has('b')]).toEqual([true, true]);
});
