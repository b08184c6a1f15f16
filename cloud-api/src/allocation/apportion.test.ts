import fc from 'fast-check';
import { expect, it } from 'vitest';
import { apportion } from './apportion.ts';

const sizes = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 12 });

it('divides rows among columns so that both add up, each share about the proportion', () => {
  fc.assert(
    fc.property(sizes, sizes, (rows, cuts) => {
      const whole = rows.reduce((sum, each) => sum + each, 0);
      // Columns that add up to the same: the whole, cut where chance says.
      const edges = [0, ...cuts.map((cut) => cut % (whole + 1)).sort((a, b) => a - b), whole];
      const columns = edges.slice(1).map((edge, n) => edge - (edges[n] ?? 0));
      const shares = apportion(rows, columns);
      const share = (row: number, column: number) => shares[row * columns.length + column] ?? 0;
      expect(shares.every((each) => Number.isSafeInteger(each) && each >= 0)).toBe(true);
      rows.forEach((size, row) => expect(columns.reduce((sum, _, n) => sum + share(row, n), 0)).toBe(size));
      columns.forEach((size, n) => {
        expect(rows.reduce((sum, _, row) => sum + share(row, n), 0)).toBe(size);
        rows.forEach((each, row) => expect(Math.abs(share(row, n) - (each * size) / (whole || 1))).toBeLessThan(3));
      });
    }),
  );
});
