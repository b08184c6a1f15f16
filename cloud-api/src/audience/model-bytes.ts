import { invariant } from '@gatecast/firmware-protocol';
import { newModel, shapeLength, type LearnedDay, type LevelSums, type Model } from './model.ts';

/** The format's version, in the first number. Another one is unreadable: the entrance begins anew. */
const version = 1;
const headerLength = 16;

/**
 * A model as 32-bit floats: version, fourteen numbers, how many days follow, the shape, and of each day learned from its number and its half-hours in three parts
 * of 24 bits. 3.5 kB.
 */
export function packModel(model: Model): Buffer {
  const { fast, slow, learned } = model;
  const days = learned.flatMap(({ day, slots }) => [day, ...parts(slots)]);
  const header = [
    [version, model.scalePpm, model.asOf, model.knownDays, model.drift],
    [model.dayExcess, model.dayWeight, model.excess, model.squared],
    [fast.counted, fast.expected, fast.aged, slow.counted, slow.expected, slow.aged],
    [learned.length],
  ].flat();
  invariant(header.length === headerLength, 'a header of a fixed length');
  return Buffer.from(Float32Array.from([...header, ...model.shape, ...days]).buffer);
}

/** What was packed; undefined for another version's. */
export function unpackModel(bytes: Uint8Array): Model | undefined {
  // A copy: a driver's buffer need not begin where a float may.
  const numbers = new Float32Array(Uint8Array.from(bytes).buffer);
  if (numbers[0] !== version) return undefined;
  const at = (index: number) => numbers[index] ?? 0;
  const sums = (from: number): LevelSums => ({ counted: at(from), expected: at(from + 1), aged: at(from + 2) });
  const days = headerLength + shapeLength;
  return {
    ...newModel(at(1)),
    asOf: at(2),
    knownDays: at(3),
    drift: at(4),
    dayExcess: at(5),
    dayWeight: at(6),
    excess: at(7),
    squared: at(8),
    fast: sums(9),
    slow: sums(12),
    shape: numbers.slice(headerLength, days),
    learned: Array.from({ length: at(headerLength - 1) }, (_, n) => dayAt(numbers, days + 4 * n)),
  };
}

/** A float holds 24 bits exactly; a day has up to 50 half-hours. */
const partBits = 24n;
const partMask = (1n << partBits) - 1n;
const parts = (slots: bigint): number[] => [0n, 1n, 2n].map((n) => Number((slots >> (n * partBits)) & partMask));

function dayAt(numbers: Float32Array, from: number): LearnedDay {
  const part = (n: number) => BigInt(numbers[from + 1 + n] ?? 0) << (BigInt(n) * partBits);
  return { day: numbers[from] ?? 0, slots: part(0) | part(1) | part(2) };
}
