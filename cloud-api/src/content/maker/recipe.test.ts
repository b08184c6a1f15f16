import { describe, expect, it } from 'vitest';
import { cutMsMax } from '../cuts.ts';
import { createGlyphs } from './glyphs.ts';
import { recipe, wordsOf, yuan, type Recipe } from './recipe.ts';
import { requireFit } from './rules.ts';
import { shotsOf } from './shots.ts';
import { breakRows, fittingSize } from './text.ts';

const photos = ['a', 'b', 'c'].map((letter) => letter.repeat(64));
const good = recipe.parse({ template: 'fresh', photos, line: '现摘脐橙', priceFen: 1990, oldPriceFen: 2990 });

describe('a recipe', () => {
  it('is taken with three to six photos, a line and a price, or without a price', () => {
    expect(() => requireFit(good)).not.toThrow();
    expect(() => requireFit({ ...good, priceFen: null, oldPriceFen: null })).not.toThrow();
    expect(() => requireFit({ ...good, line: '一'.repeat(24) })).not.toThrow();
    expect(() => requireFit({ ...good, line: 'x'.repeat(48) })).not.toThrow();
  });

  it.each([
    ['photos-too-few', { photos: photos.slice(1) }],
    ['photos-too-many', { photos: [...photos, ...photos, ...photos] }],
    ['line-missing', { line: '' }],
    ['line-too-long', { line: '一'.repeat(25) }],
    ['line-too-long', { secondLine: '一'.repeat(31) }],
    ['line-too-long', { storeName: '一'.repeat(21) }],
    ['price-out-of-range', { priceFen: 0, oldPriceFen: null }],
    ['price-out-of-range', { priceFen: 10_000_000, oldPriceFen: null }],
    ['price-out-of-range', { oldPriceFen: 1990 }],
    ['price-out-of-range', { priceFen: null }],
  ] satisfies [string, Partial<Recipe>][])('is refused with %s: %j', (code, change) => {
    expect(() => requireFit({ ...good, ...change })).toThrow(expect.objectContaining({ code }));
  });

  it('shows prices in yuan without idle noughts', () => {
    expect([1990, 1200, 1205, 1, 9_999_999].map(yuan)).toEqual(['19.9', '12', '12.05', '0.01', '99999.99']);
    expect(wordsOf(good)).toEqual(['现摘脐橙', '¥19.9', '¥29.9']);
  });
});

describe('shots', () => {
  it.each([3, 4, 5, 6])('show all of %i photos without a gap, three of them at a door', (count) => {
    const shots = shotsOf(count);
    expect(shots[0]?.fromMs).toBe(0);
    expect(shots.at(-1)?.toMs).toBe(cutMsMax.lift);
    expect(shots.slice(1).map(({ fromMs }) => fromMs)).toEqual(shots.slice(0, -1).map(({ toMs }) => toMs));
    expect(new Set(shots.map(({ photo }) => photo)).size).toBe(count);
    const atDoor = shots.filter(({ fromMs }) => fromMs < cutMsMax.door);
    expect(atDoor.at(-1)?.toMs).toBe(cutMsMax.door);
    expect(atDoor.map(({ photo }) => photo)).toEqual([0, 1, 2]);
  });
});

describe('words', () => {
  it('stand in one row, or in two of which none begins with a mark or within a number', () => {
    expect(breakRows('现摘脐橙', 9)).toEqual(['现摘脐橙']);
    expect(breakRows('一碗热汤面，暖到心里头', 9)).toEqual(['一碗热汤面', '暖到心里头']);
    expect(breakRows('满199元送2026台历一本', 9)[0]).toBe('满199元送');
    expect(fittingSize(['一'.repeat(12)], 940, 132)).toBe(78);
  });

  it('can be any Chinese, Latin and the usual marks; what the font has not is named', async () => {
    const glyphs = createGlyphs();
    expect(await glyphs.missing('邻里鲜果：赣南脐橙 5斤装，¥19.9/箱！龘喆囍 Fresh & good — 50% off（限今日）')).toEqual(
      [],
    );
    expect(await glyphs.missing('好吃😀😀𠮷')).toEqual(['😀', '𠮷']);
  });

  it('are drawn heavier at a heavier weight, and the same each time', async () => {
    const [thin, heavy, again] = await Promise.all([
      createGlyphs().of('一', 500),
      createGlyphs().of('一', 900),
      createGlyphs().of('一', 900),
    ]);
    expect(heavy).toEqual(again);
    expect(heavy[0]?.path).not.toBe(thin[0]?.path);
    expect(heavy[0]?.advance).toBe(1_000);
  });
});
