import { brotliCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { packObjects, unpackObjects } from './journal-columns.ts';
import { packRows, unpackRows, type UnplacedRow } from './journal-packing.ts';

/** The journal holds whole numbers only. */
function isCanonical(value: unknown): boolean {
  try {
    return canonicalJson(value) !== '';
  } catch {
    return false;
  }
}
const json = fc.jsonValue({ maxDepth: 2 }).filter(isCanonical);
const members = fc.dictionary(fc.string({ maxLength: 4 }), json, { maxKeys: 4 });
const row: fc.Arbitrary<UnplacedRow> = fc.record(
  {
    kind: fc.constantFrom('play', 'touch', 'opened'),
    wallMs: fc.nat().map((n) => n as UnplacedRow['wallMs']),
    monoMs: fc.nat(),
    boot: fc.constantFrom('AbC-1', 'AbC-2'),
    clock: fc.constantFrom('synced', 'holdover'),
    body: members,
    privateHash: fc.constantFrom(null, 'a'.repeat(64)),
    private: fc.record({ salt: fc.constantFrom('c2FsdA', 'c2FsdB'), data: members }),
  },
  { requiredKeys: ['kind', 'wallMs', 'monoMs', 'boot', 'clock', 'body', 'privateHash'] },
);

describe('rows as columns', () => {
  it('are the same rows again, whatever they say', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
        const back = unpackRows(JSON.parse(JSON.stringify(packRows(rows))));
        const sent = rows.map((one) => (one.private ? { ...one, privateHash: null } : one));
        expect(back.map((one) => canonicalJson(one))).toEqual(sent.map((one) => canonicalJson(one)));
      }),
    );
  });

  it('refuse what is none, without falling over', () => {
    const good = packRows([
      { kind: 'exit', wallMs: 1, monoMs: 1, boot: 'b', clock: 'synced', body: {}, privateHash: null } as UnplacedRow,
    ]);
    for (const bad of [null, {}, { ...good, count: 2 }, { ...good, count: 0 }, { ...good, heads: good.facts }]) {
      expect(() => unpackRows(bad)).toThrow();
    }
    fc.assert(
      fc.property(fc.jsonValue(), (any) => {
        expect(() => unpackRows(any)).toThrow();
      }),
    );
  });

  it('come to no more than they may, however short they travel', () => {
    const long = 'x'.repeat(100_000);
    const packed = packObjects(Array.from({ length: 1_000 }, () => ({ text: long })));
    expect(brotliCompressSync(JSON.stringify(packed)).length).toBeLessThan(1_000);
    expect(() => unpackObjects(packed, 1_000, 2_000_000)).toThrow(RangeError);
    expect(unpackObjects(packed, 1_000, 200_000_000)).toHaveLength(1_000);
  });
});
