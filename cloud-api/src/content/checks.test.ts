import { instant } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import type { Category } from './categories.ts';
import { checkClip, linesOfRecipe, type CheckedAgainst, type CheckedClip } from './checks.ts';

const now = instant(1_795_000_000_000);
const files = [
  { cut: 'door', durationMs: 6_000 },
  { cut: 'lift', durationMs: 15_040 },
] as const;
const codes = (clip: Partial<CheckedClip> = {}, against: Partial<CheckedAgainst> = {}) =>
  checkClip(
    { title: '当季草莓', lines: [], category: 'food', isHouse: false, files, ...clip },
    { permits: [], refusedTwins: [], now, targetLufs: -23, ...against },
  ).map(({ code }) => code);
const permit = (category: Category) => ({ category, validFrom: now, validTo: instant(now + 1) });

describe('before a person looks at a clip, the checks', () => {
  it('find nothing in an honest one', () => expect(codes()).toEqual([]));

  it('tell that nobody said what it advertises, unless it is the operator’s own', () => {
    expect(codes({ category: null })).toEqual(['category-missing']);
    expect(codes({ category: null, isHouse: true })).toEqual([]);
  });

  it('tell of a banned category and of a permit that is not there', () => {
    expect(codes({ category: 'vapes' })).toEqual(['category-banned']);
    expect(codes({ category: 'alcohol' })).toEqual(['permit-missing']);
    expect(codes({ category: 'alcohol' }, { permits: [permit('finance')] })).toEqual(['permit-missing']);
    expect(codes({ category: 'alcohol' }, { permits: [permit('alcohol')] })).toEqual([]);
  });

  it('know the file of a clip that was refused before', () => {
    const found = checkClip(
      { title: '草莓', lines: [], category: 'food', isHouse: false, files },
      { permits: [], refusedTwins: ['clip_a'], now, targetLufs: -23 },
    );
    expect(found).toEqual([{ code: 'same-as-refused', words: ['clip_a'] }]);
  });

  it('read the title and what the maker put into the picture', () => {
    expect(codes({ title: '全城最佳' })).toEqual(['absolute-words']);
    expect(codes({ lines: ['草莓', '顶级'] })).toEqual(['absolute-words']);
  });

  it('measure loudness, length of each cut, black and frozen pictures, each beyond its tolerance only', () => {
    expect(codes({ measured: { loudnessLufs: -23.9, blackMs: 900, frozenMs: 4_000 } })).toEqual([]);
    expect(codes({ measured: { loudnessLufs: -14 } })).toEqual(['loudness-off']);
    expect(codes({ measured: { loudnessLufs: -14 } }, { targetLufs: -14 })).toEqual([]);
    expect(codes({ measured: { loudnessLufs: -35 } })).toEqual([]);
    expect(codes({ measured: { blackMs: 1_200, frozenMs: 9_000 } })).toEqual(['black-picture', 'frozen-picture']);
    expect(codes({ files: [{ cut: 'door', durationMs: 15_000 }] })).toEqual(['cut-too-long']);
  });
});

it('a recipe’s words are found wherever they stand, its hashes and ids are not read', () => {
  const recipe = {
    template: 'bold',
    photos: ['a'.repeat(64)],
    texts: { line: '新鲜', price: '9.9 元' },
    n: 3,
    none: null,
  };
  expect(linesOfRecipe(recipe)).toEqual(['新鲜', '9.9 元']);
  expect(linesOfRecipe(null)).toEqual([]);
  expect(linesOfRecipe({ many: Array.from({ length: 500 }, () => 'x') })).toHaveLength(50);
});
