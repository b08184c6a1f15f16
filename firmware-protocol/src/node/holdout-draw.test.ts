import { expect, it } from 'vitest';
import { holdoutDraw } from './holdout-draw.ts';

const drawn = Array.from({ length: 20_000 }, (_, n) => holdoutDraw('key', `com|${n}`));

it('holds out as many as was said, whatever is said', () => {
  for (const ppm of [50_000, 100_000, 500_000]) {
    const part = drawn.filter((one) => one < ppm).length / drawn.length;
    // Three standard deviations of a binomial of that size.
    expect(Math.abs(part - ppm / 1e6)).toBeLessThan(3 * Math.sqrt(((ppm / 1e6) * (1 - ppm / 1e6)) / drawn.length));
  }
});

it('is the same for everybody who knows the key, and tells nothing of another', () => {
  expect(holdoutDraw('key', 'com|2026-11-23')).toBe(holdoutDraw('key', 'com|2026-11-23'));
  const both = drawn.filter((one, n) => one < 500_000 && holdoutDraw('other', `com|${n}`) < 500_000).length;
  expect(Math.abs(both / drawn.length - 0.25)).toBeLessThan(0.01);
  // Pinned: a terminal of last year draws as this one.
  expect(holdoutDraw('key', 'com_0|2026-11-23')).toMatchInlineSnapshot(`433107`);
});
