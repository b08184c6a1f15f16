import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';

/**
 * Objects that resemble each other, as columns: what a column says once is sent once, and Brotli finds the rest. A thousand plays of a
 * screen come to a quarter of what the same text costs row by row.
 *
 * A column is `{c: value}` (the same in all rows), `{d: [values], i: [index…]}` (few values), `{n: [first, differences…]}` (whole numbers that
 * go on from each other) or `{v: [values]}`.
 */
/** Any JSON value; the text that it came in was parsed before. */
const value = z.unknown();
const column = z.union([
  z.strictObject({ c: value }),
  z.strictObject({ d: z.array(value), i: z.array(z.int().nonnegative()) }),
  z.strictObject({ n: z.array(z.int()) }),
  z.strictObject({ v: z.array(value) }),
]);
type Column = z.infer<typeof column>;
type JsonObject = Readonly<Record<string, unknown>>;

/** Rows of one shape have the same members; `at` are their places among all rows. */
const shape = z.strictObject({ size: z.int().positive(), columns: z.record(z.string(), column) });
/** `of` names each row's shape. */
export const packedObjects = z.strictObject({ of: column, shapes: z.array(shape).min(1) });
export type PackedObjects = z.infer<typeof packedObjects>;

/** The way back gives objects with the same canonical JSON; the order of members may differ. */
export function packObjects(objects: readonly JsonObject[]): PackedObjects {
  const shapes = new Map<string, JsonObject[]>();
  const shapeOf = objects.map((object) => {
    const name = Object.keys(object).sort().join(' ');
    const alike = shapes.get(name) ?? [];
    shapes.set(name, alike);
    alike.push(object);
    return name;
  });
  const names = [...shapes.keys()];
  return {
    of: packColumn(shapeOf.map((name) => names.indexOf(name))),
    shapes: [...shapes.values()].map((alike) => ({
      size: alike.length,
      columns: Object.fromEntries(
        Object.keys(alike[0] ?? {}).map((key) => [key, packColumn(alike.map((object) => object[key]))]),
      ),
    })),
  };
}

/** Indices of more values than this are longer than the differences of numbers. */
const fewValues = 64;

function packColumn(values: readonly unknown[]): Column {
  const places = new Map<unknown, number>();
  const different: unknown[] = [];
  const indices = values.map((one) => {
    const name = typeof one === 'object' && one !== null ? `{}${canonicalJson(one)}` : one;
    const known = places.get(name);
    if (known !== undefined) return known;
    places.set(name, different.length);
    return different.push(one) - 1;
  });
  if (different.length === 1) return { c: values[0] };
  if (different.length <= Math.min(fewValues, values.length / 2)) return { d: different, i: indices };
  if (isWhole(values)) return { n: differences(values) };
  return different.length <= values.length / 2 ? { d: different, i: indices } : { v: [...values] };
}

/** Differences of what is at most half of the largest safe number are safe too. */
const isWhole = (values: readonly unknown[]): values is readonly number[] =>
  values.every((one) => Number.isSafeInteger(one) && Math.abs(Number(one)) <= Number.MAX_SAFE_INTEGER / 2);

const differences = (values: readonly number[]): number[] =>
  values.map((value, index) => value - (index === 0 ? 0 : (values[index - 1] ?? 0)));

/**
 * The objects again. `charsMax` bounds the text that they would make, since a short column can stand for a long list.
 * Throws RangeError for columns that do not fit together or make too much.
 */
export function unpackObjects(packed: PackedObjects, count: number, charsMax: number): JsonObject[] {
  const budget = { chars: charsMax };
  const of = unpackColumn(packed.of, count, budget);
  const shapes = packed.shapes.map(({ size, columns }) => {
    if (size > count) throw new RangeError('a shape has more rows than there are');
    return {
      size,
      taken: 0,
      columns: Object.entries(columns).map(([key, one]) => {
        budget.chars -= size * key.length;
        return [key, unpackColumn(one, size, budget)] as const;
      }),
    };
  });
  const objects = of.map((index) => {
    const rows = shapes[typeof index === 'number' ? index : -1];
    if (!rows || rows.taken >= rows.size) throw new RangeError('a row is of no shape');
    const at = rows.taken;
    rows.taken += 1;
    return Object.fromEntries(rows.columns.map(([key, values]) => [key, values[at] ?? null]));
  });
  if (shapes.some(({ size, taken }) => taken !== size)) throw new RangeError('a shape has rows that are nowhere');
  return objects;
}

function unpackColumn(packed: Column, count: number, budget: { chars: number }): unknown[] {
  const spend = (chars: number) => {
    budget.chars -= chars;
    if (budget.chars < 0) throw new RangeError('the rows are too long');
  };
  const values = ((): unknown[] => {
    if ('c' in packed) {
      spend(count * textLength(packed.c));
      return Array.from({ length: count }, () => packed.c);
    }
    if ('n' in packed) {
      spend(packed.n.length);
      return sums(packed.n);
    }
    if ('v' in packed) {
      for (const value of packed.v) spend(textLength(value));
      return packed.v;
    }
    const lengths = packed.d.map(textLength);
    return packed.i.map((index) => {
      const value = packed.d[index];
      if (value === undefined) throw new RangeError('a column names a value that it does not have');
      spend(lengths[index] ?? 0);
      return value;
    });
  })();
  if (values.length !== count) throw new RangeError('a column has not one value for each row');
  return values;
}

function sums(steps: readonly number[]): number[] {
  let at = 0;
  return steps.map((step) => {
    at += step;
    if (!Number.isSafeInteger(at)) throw new RangeError('a number is too large');
    return at;
  });
}

/** At least 1, so that a list of nothing costs something too. */
function textLength(value: unknown): number {
  return typeof value === 'string' ? value.length + 2 : JSON.stringify(value).length;
}
