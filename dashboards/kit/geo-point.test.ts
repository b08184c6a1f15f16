import { expect, it } from 'vitest';
import { pointOfText, textOfPoint } from './geo-point.ts';

it('reads a point as maps and people write it', () => {
  const point = { latMicro: 30_274_100, lonMicro: 120_155_100 };
  for (const text of ['30.2741, 120.1551', '30.2741,120.1551', ' 30.2741 120.1551 ', '30.2741，120.1551'])
    expect(pointOfText(text)).toEqual(point);
  expect(pointOfText('-33.8688, 151.2093')).toEqual({ latMicro: -33_868_800, lonMicro: 151_209_300 });
  expect(pointOfText(textOfPoint(point))).toEqual(point);
});

it('does not guess what is no point', () => {
  for (const text of ['', '30.2741', '120.1551, 30.2741', '91, 10', '10, 181', '枫林路 18 号', '30.1;120', '1e1,2'])
    expect(pointOfText(text)).toBeUndefined();
});
