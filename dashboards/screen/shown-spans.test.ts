import { expect, it } from 'vitest';
import { createShownSpans, spansMax } from './shown-spans.ts';

/** Frames at 25 a second. */
function show(spans: ReturnType<typeof createShownSpans>, fromMs: number, toMs: number): void {
  for (let at = fromMs; at <= toMs; at += 40) spans.frame(at, 1);
}

it('frames that follow each other are one run', () => {
  const spans = createShownSpans();
  show(spans, 100, 2_100);
  expect(spans.list).toEqual([{ fromMs: 100, toMs: 2_100, frames: 51 }]);
});

it('a frame that the page was too busy to hear of counts all the same', () => {
  const spans = createShownSpans();
  spans.frame(0, 1);
  spans.frame(120, 3);
  expect(spans.list).toEqual([{ fromMs: 0, toMs: 120, frames: 4 }]);
});

it('a standstill or a covered picture ends a run', () => {
  const spans = createShownSpans();
  show(spans, 0, 400);
  show(spans, 800, 1_200);
  spans.interrupt();
  show(spans, 1_240, 1_400);
  expect(spans.list.map((s) => [s.fromMs, s.toMs])).toEqual([
    [0, 400],
    [800, 1_200],
    [1_240, 1_400],
  ]);
});

it('never tells more runs than a report may hold', () => {
  const spans = createShownSpans();
  for (let n = 0; n < 200; n += 1) spans.frame(n * 1_000, 25);
  expect(spans.list).toHaveLength(spansMax);
});
