import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findWords, type WordRule } from './advert-words.ts';
import type { Category } from './categories.ts';

const codes = (line: string, category: Category | null = null) => findWords([line], category).map(({ code }) => code);

describe('a line of an advert', () => {
  it.each<[string, WordRule]>([
    ['国家级品质', 'absolute-words'],
    ['全城最佳牛肉面', 'absolute-words'],
    ['最高级的享受', 'absolute-words'],
    ['销量第一', 'absolute-words'],
    ['顶级食材', 'absolute-words'],
    ['独家配方', 'absolute-words'],
    ['The best noodles in town', 'absolute-words'],
    ['三天降血压', 'medical-words'],
    ['药到病除', 'cure-promises'],
    ['保本稳赚', 'gain-promises'],
    ['不过退费', 'pass-promises'],
    ['人民大会堂特供', 'state-symbols'],
    ['进口雪茄到店', 'tobacco-words'],
    ['不醉不归', 'drinking-urged'],
    ['快让妈妈买', 'pester-words'],
  ])('“%s” is shown to the reviewer as %s', (line, code) => expect(codes(line)).toContain(code));

  it.each([
    '今晚第一次开门',
    '最近上新',
    '最后一天',
    '第一人民医院旁',
    '草莓 2 斤 39.9 元',
    '满 100 减 20',
    'Fresh strawberries',
  ])('“%s” is not', (line) => expect(codes(line)).toEqual([]));

  it.each(['国 家 级', '國家級', '国·家·级', '国\u200b家\u200b级', 'Ｎｏ.1', '顶★级'])(
    '“%s” does not slip past',
    (line) => expect(codes(line)).toContain('absolute-words'),
  );

  it('of a clinic may speak of treatment, but not promise a cure', () => {
    expect(codes('口腔治疗', 'medical')).toEqual([]);
    expect(codes('口腔治疗', 'food')).toEqual(['medical-words']);
    expect(codes('包治百病', 'medical')).toEqual(['cure-promises']);
  });

  it('is answered with the words as they stand and the article of the law', () => {
    expect(findWords(['顶级牛肉，独家配方', '顶级服务'], 'food')).toEqual([
      { code: 'absolute-words', article: 'AL 9 (3)', words: ['顶级', '独家'] },
    ]);
  });

  it('of any make is read in no time, and names only what stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (line) => {
        for (const { words } of findWords([line], null)) expect(words.length).toBeGreaterThan(0);
      }),
    );
    const startedAt = performance.now();
    findWords(['最 '.repeat(20_000)], null);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
