import { expect, it } from 'vitest';
import { byDistance, roundedMetres } from './place-order.ts';

const here = { latMicro: 30_274_100, lonMicro: 120_155_100 };
const north = (metres: number) => ({ ...here, latMicro: here.latMicro + Math.round(metres * 8.993) });
const place = (id: string, location: typeof here | null) => ({ id, name: id, location });

it('puts the own community first, then the nearest, and those of unknown distance last by name', () => {
  const places = [
    place('z', null),
    place('far', north(2_000)),
    place('b', null),
    place('near', north(350)),
    place('own', null),
  ];
  const ordered = byDistance(places, here, 'own');
  expect(ordered.map((each) => each.place.id)).toEqual(['own', 'near', 'far', 'b', 'z']);
  expect(ordered.map(({ metres }) => metres && roundedMetres(metres))).toEqual([null, 350, 2_000, null, null]);
});

it('goes by name where the store has not said where it is', () => {
  const ordered = byDistance([place('b', north(1)), place('a', north(9))], null, undefined);
  expect(ordered.map((each) => each.place.id)).toEqual(['a', 'b']);
  expect(ordered.every(({ metres }) => metres === null)).toBe(true);
});

it('says distances as people do', () => {
  expect([3, 349, 974, 980, 1_249, 9_940, 9_960, 12_400].map((metres) => roundedMetres(metres))).toEqual([
    50, 350, 950, 1_000, 1_200, 9_900, 10_000, 12_000,
  ]);
});
