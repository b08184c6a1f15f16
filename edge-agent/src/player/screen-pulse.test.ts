import { instant, manualClock, milliseconds, seconds } from '@gatecast/firmware-protocol';
import { expect, it } from 'vitest';
import { createScreenPulses } from './screen-pulse.ts';

const start = instant(1_790_000_000_000);

it('a screen presents while its page tells of fresh frames, and is dark once it hangs or falls silent', () => {
  const clock = manualClock(start);
  const screen = createScreenPulses(clock);
  expect([screen.isPresenting(), screen.lastFrameAt()]).toEqual([false, null]);
  screen.heard({ sinceFrameMs: null });
  expect(screen.isPresenting()).toBe(false);
  screen.heard({ sinceFrameMs: 40 });
  expect([screen.isPresenting(), screen.lastFrameAt()]).toEqual([true, start - 40]);
  clock.advance(seconds(5));
  screen.heard({ sinceFrameMs: 5_040 });
  expect(screen.isPresenting()).toBe(true);
  clock.advance(seconds(30));
  screen.heard({ sinceFrameMs: 35_040 });
  expect([screen.isPresenting(), screen.lastFrameAt()]).toEqual([false, start - 40]);
  screen.heard({ sinceFrameMs: 10 });
  clock.advance(milliseconds(15_001));
  expect(screen.isPresenting()).toBe(false);
});

it('of two pages the one that presents counts', () => {
  const clock = manualClock(start);
  const screen = createScreenPulses(clock);
  screen.heard({ sinceFrameMs: 20 });
  screen.heard({ sinceFrameMs: 60_000 });
  expect(screen.isPresenting()).toBe(true);
});
