import { expect, test } from 'vitest';
import { fenOfYuan, readDraft, type DealDraft } from './deal-draft.ts';

const now = Date.parse('2026-11-22T10:00:00+08:00');
const zone = 'Asia/Shanghai';
const draft: DealDraft = {
  title: ' 现烤可颂 4 只装 ',
  description: '',
  storeId: 'stor_1',
  singlePrice: '32',
  groupPrice: '19.9',
  groupSize: '3',
  groupHours: '24',
  stock: '60',
  perPersonMax: '2',
  opens: '',
  closes: '2026-11-23T21:00',
};

test('a price in yuan becomes whole fen', () => {
  expect(fenOfYuan('19.9')).toBe(1_990);
  expect(fenOfYuan('0.05')).toBe(5);
  expect(fenOfYuan('12')).toBe(1_200);
});

test('what is no price is none', () => {
  for (const text of ['', 'abc', '1.234', '-3', '1e3', '.5', '1234567']) expect(fenOfYuan(text)).toBeNull();
});

test('a filled form opens at once and closes by the clock of the store', () => {
  expect(readDraft(draft, zone, now).deal).toEqual({
    storeId: 'stor_1',
    title: '现烤可颂 4 只装',
    description: '',
    singlePriceFen: 3_200,
    groupPriceFen: 1_990,
    groupSize: 3,
    groupHours: 24,
    stock: 60,
    perPersonMax: 2,
    opensAt: now,
    closesAt: Date.parse('2026-11-23T21:00:00+08:00'),
  });
});

test('a group price that saves nothing is told at its field', () => {
  expect(readDraft({ ...draft, groupPrice: '32' }, zone, now).faults).toEqual({ groupPrice: 'groupNotCheaper' });
});

test('an empty form says what is wrong with each field', () => {
  const empty = { ...draft, title: '', singlePrice: '', groupPrice: '', stock: '0', closes: '' };
  expect(readDraft(empty, zone, now).faults).toEqual({
    title: 'title',
    singlePrice: 'price',
    groupPrice: 'price',
    stock: 'stock',
    closes: 'closes',
  });
});

test('nobody can be allowed more than there is', () => {
  expect(readDraft({ ...draft, stock: '5', perPersonMax: '6' }, zone, now).faults).toEqual({
    perPersonMax: 'perPersonMax',
  });
});

test('a deal cannot end before it begins', () => {
  const later = { ...draft, opens: '2026-11-24T08:00' };
  expect(readDraft(later, zone, now).faults).toEqual({ closes: 'closes' });
});
