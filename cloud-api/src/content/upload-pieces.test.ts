import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pieceBytes, pieces } from './upload-pieces.ts';

async function* line(chunks: readonly Uint8Array[], isCut: boolean): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (isCut) throw new Error('gone');
}

it('Whatever a line brings before it ends or breaks is kept, in order, in pieces of at most two megabytes', async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: pieceBytes + 3 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.boolean(), async (lengths, isCut) => {
      const chunks = lengths.map((length, i) => Buffer.alloc(length, i + 1));
      const faults: unknown[] = [];
      const kept: Uint8Array[] = [];
      for await (const piece of pieces(line(chunks, isCut), (error) => faults.push(error))) kept.push(piece);
      expect(Buffer.concat(kept).equals(Buffer.concat(chunks))).toBe(true);
      expect(kept.slice(0, -1).every(({ length }) => length === pieceBytes)).toBe(true);
      expect(kept.every(({ length }) => length > 0 && length <= pieceBytes)).toBe(true);
      expect(faults).toHaveLength(isCut ? 1 : 0);
    }),
    { numRuns: 60 },
  );
});
