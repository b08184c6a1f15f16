import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlayReport, ShownSpan } from '@gatecast/firmware-protocol/messages';
import { factsOf, impossibleClaim, provenSpan } from './play-facts.ts';

const report = (spans: ShownSpan[], change: Partial<PlayReport> = {}): PlayReport => ({
  decision: 'dec_00000000000000000000',
  spans,
  framesDropped: 0,
  muted: false,
  endReason: 'finished',
  measuredBy: 'frames',
  ...change,
});
const shown = (fromMs: number, toMs: number): ShownSpan => ({
  fromMs,
  toMs,
  frames: Math.round((toMs - fromMs) / 40) + 1,
});

const decided = 1_000;
const facts = (spans: ShownSpan[], windowMs: number, clipMs = 8_000) =>
  factsOf(report(spans), decided, clipMs, { fromMono: decided, toMono: decided + windowMs });

describe('what a play proves', () => {
  it('is all three facts for a clip that was seen whole before the door closed', () => {
    expect(facts([shown(50, 8_050)], 12_000)).toMatchObject({
      rendered: true,
      viewable: true,
      completed: true,
      shownMs: 8_000,
      framesPresented: 201,
    });
  });

  it('is only what was seen before the door closed', () => {
    expect(facts([shown(100, 8_100)], 4_100)).toMatchObject({
      rendered: true,
      viewable: true,
      completed: false,
      shownMs: 4_000,
      framesPresented: 101,
    });
  });

  it('is a first frame, but no view, when the door closed at once', () => {
    expect(facts([shown(100, 8_000)], 2_000)).toMatchObject({ rendered: true, viewable: false, completed: false });
  });

  it('is nothing when the first frame came after the door had closed', () => {
    expect(facts([shown(3_000, 8_000)], 2_500)).toMatchObject({
      rendered: false,
      viewable: false,
      shownMs: 0,
      framesPresented: 0,
    });
  });

  it('is no view when two seconds were never on end', () => {
    const spans = [shown(0, 1_500), shown(2_000, 3_500), shown(4_000, 5_500)];
    expect(facts(spans, 10_000)).toMatchObject({ rendered: true, viewable: false, shownMs: 4_500 });
  });

  it('is completed at three quarters', () => {
    expect(facts([shown(0, 6_000)], 10_000)).toMatchObject({ completed: true });
    expect(facts([shown(0, 5_960)], 10_000)).toMatchObject({ completed: false });
  });
});

describe('a report that cannot be true', () => {
  const claim = (spans: ShownSpan[], ageMs: number, change: Partial<PlayReport> = {}, repeats = false) =>
    impossibleClaim(report(spans, change), ageMs, 8_000, repeats);

  it('is told by its claim', () => {
    expect(claim([shown(0, 8_000)], 8_050)).toBeUndefined();
    expect(claim([shown(0, 8_000)], 3_000)).toBe('longer-than-the-decision');
    expect(claim([shown(0, 9_000)], 20_000)).toBe('longer-than-the-clip');
    expect(claim([shown(500, 900), shown(800, 1_000)], 8_000)).toBe('spans-out-of-order');
    expect(claim([{ fromMs: 0, toMs: 1_000, frames: 900 }], 8_000)).toBe('too-many-frames');
    expect(claim([], 1_000, { framesDropped: 1_000 })).toBe('too-many-frames');
  });

  it('is not a clip that repeats', () => {
    expect(claim([shown(0, 60_000)], 61_000, {}, true)).toBeUndefined();
  });
});

describe('whatever is reported', () => {
  /** Runs with breaks between them, as a page tells them. */
  const runs = fc
    .array(fc.record({ gapMs: fc.integer({ min: 1, max: 1_500 }), lengthMs: fc.integer({ min: 0, max: 6_000 }) }), {
      maxLength: 6,
    })
    .map((parts) => {
      let at = 0;
      return parts.map(({ gapMs, lengthMs }) => {
        const from = at + gapMs;
        at = from + lengthMs;
        return shown(from, at);
      });
    });
  const windows = fc.record({
    opensMs: fc.integer({ min: -2_000, max: 9_000 }),
    lengthMs: fc.integer({ min: 0, max: 20_000 }),
  });
  const clipMs = fc.integer({ min: 1_000, max: 15_000 });
  const within = ({ opensMs, lengthMs }: { opensMs: number; lengthMs: number }) => ({
    fromMono: decided + opensMs,
    toMono: decided + opensMs + lengthMs,
  });

  it('the three facts are those that counting each millisecond inside the window gives', () => {
    fc.assert(
      fc.property(runs, windows, clipMs, (spans, window, durationMs) => {
        const { fromMono, toMono } = within(window);
        // Each millisecond by itself: nothing of how the rule adds up spans.
        const lengths = spans.map(({ fromMs, toMs }) => {
          let length = 0;
          for (let ms = fromMs; ms < toMs; ms += 1) if (decided + ms >= fromMono && decided + ms < toMono) length += 1;
          return length;
        });
        const total = lengths.reduce((a, b) => a + b, 0);
        const told = factsOf(report(spans), decided, durationMs, { fromMono, toMono });
        expect(told.shownMs).toBe(total);
        expect(told.viewable).toBe(lengths.some((length) => length >= 2_000));
        expect(told.completed).toBe(total >= durationMs * 0.75);
        if (total > 0) expect(told.rendered).toBe(true);
        if (!told.rendered) expect([told.viewable, told.framesPresented]).toEqual([false, 0]);
        expect(told.framesPresented).toBeLessThanOrEqual(spans.reduce((sum, { frames }) => sum + frames, 0));
        expect(told.shownMs).toBeLessThanOrEqual(window.lengthMs);
      }),
      { numRuns: 150 },
    );
  });

  it('a longer window never proves less', () => {
    fc.assert(
      fc.property(runs, windows, fc.nat(5_000), clipMs, (spans, window, moreMs, durationMs) => {
        const less = factsOf(report(spans), decided, durationMs, within(window));
        const more = factsOf(
          report(spans),
          decided,
          durationMs,
          within({ ...window, lengthMs: window.lengthMs + moreMs }),
        );
        expect(more.shownMs).toBeGreaterThanOrEqual(less.shownMs);
        for (const fact of ['rendered', 'viewable', 'completed'] as const) expect(more[fact] || !less[fact]).toBe(true);
      }),
    );
  });

  it('what is to be proven of the panel lies inside the window, and a clock proves nothing', () => {
    fc.assert(
      fc.property(runs, windows, (spans, window) => {
        const { fromMono, toMono } = within(window);
        const span = provenSpan(report(spans), decided, { fromMono, toMono });
        const told = factsOf(report(spans), decided, 8_000, { fromMono, toMono });
        expect(span !== undefined).toBe(told.rendered);
        if (span) {
          expect(span.fromMono).toBeGreaterThanOrEqual(fromMono);
          expect(span.toMono).toBeLessThanOrEqual(toMono);
          expect(span.toMono - span.fromMono).toBeGreaterThanOrEqual(told.shownMs);
        }
        expect(provenSpan(report(spans, { measuredBy: 'clock' }), decided, { fromMono, toMono })).toBeUndefined();
      }),
    );
  });
});
