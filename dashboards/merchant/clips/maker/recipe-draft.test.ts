import { describe, expect, it } from 'vitest';
import { draftOf, emptyDraft, readRecipe, widthOf } from './recipe-draft.ts';

const photos = ['a', 'b', 'c'];
const draft = { ...emptyDraft('邻里鲜果'), line: ' 现摘脐橙 ', price: '19.9', oldPrice: '29.9' };

describe('a clip of photos', () => {
  it('is a recipe once there are three photos and a line; the price is in fen', () => {
    expect(readRecipe(draft, photos).recipe).toEqual({
      template: 'fresh',
      photos,
      line: '现摘脐橙',
      secondLine: '',
      storeName: '邻里鲜果',
      priceFen: 1990,
      oldPriceFen: 2990,
      sound: 'tones',
    });
    expect(readRecipe({ ...draft, price: '', oldPrice: '' }, photos).recipe).toMatchObject({ priceFen: null });
  });

  it.each([
    ['photos', draft, photos.slice(1)],
    ['photos', draft, [...photos, ...photos, 'g']],
    ['line', { ...draft, line: ' ' }, photos],
    ['lineTooLong', { ...draft, line: '一'.repeat(25) }, photos],
    ['price', { ...draft, price: 'cheap' }, photos],
    ['oldPrice', { ...draft, oldPrice: '9' }, photos],
    ['oldPrice', { ...draft, price: '' }, photos],
  ] as const)('says what is wrong first: %s', (fault, given, chosen) => {
    expect(readRecipe(given, chosen)).toEqual({ recipe: null, fault });
  });

  it('is opened again as it was written', () => {
    const kept = {
      template: 'notice',
      photos,
      line: '搬家通知',
      secondLine: '',
      storeName: '邻里鲜果',
      priceFen: 1205,
      oldPriceFen: null,
      sound: 'silence',
    } as const;
    expect(draftOf({ ...kept, photos: [...photos] })).toMatchObject({ price: '12.05', oldPrice: '', hasSound: false });
    expect(readRecipe(draftOf({ ...kept, photos: [...photos] }), photos)).toEqual({ recipe: kept, fault: null });
  });

  it('counts a Latin letter as half a Chinese character', () => {
    expect(widthOf('脐橙 ok')).toBe(3.5);
  });
});
