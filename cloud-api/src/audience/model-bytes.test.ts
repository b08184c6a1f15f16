import { expect, it } from 'vitest';
import { learnDay } from './learn.ts';
import { packModel, unpackModel } from './model-bytes.ts';
import { newModel } from './model.ts';
import { simulated } from './simulated-entrance.fixture.ts';
import { packCells, unpackCells } from './forecast-bytes.ts';

it('a model comes back from its bytes as it went in, to a float, in 4 kB', () => {
  const { prior, days } = simulated({ seed: 1 });
  const model = days(30).reduce((known, day) => learnDay(known, prior, day), newModel(500_000));
  const bytes = packModel(model);
  const back = unpackModel(bytes);
  expect(bytes.length).toBeLessThan(4_096);
  expect(back?.learned).toEqual(model.learned);
  expect(back?.shape).toEqual(model.shape);
  expect(back).toMatchObject({ scalePpm: 500_000, asOf: model.asOf });
  expect(back?.fast.counted).toBeCloseTo(model.fast.counted, 0);
  expect(packModel(back ?? newModel(1))).toEqual(bytes);
});

it('bytes of another version are no model', () => {
  expect(unpackModel(Buffer.from(Float32Array.from([2, 1, 1]).buffer))).toBeUndefined();
  expect(unpackModel(Buffer.alloc(0))).toBeUndefined();
});

it('a day of forecasts comes back as it went in, of 46 or 50 half-hours too', () => {
  for (const count of [46, 48, 50]) {
    const cells = Array.from({ length: count }, (_, n) => ({ expectedMilli: n, lowMilli: 2 * n, highMilli: 4e9 }));
    expect(unpackCells(packCells(cells))).toEqual(cells);
  }
});
