import { expect, it } from 'vitest';
import { metresBetween } from './geo.ts';

const at = (lat: number, lon: number) => ({ latMicro: Math.round(lat * 1e6), lonMicro: Math.round(lon * 1e6) });

it('measures a walk, a flight and half the earth', () => {
  expect(metresBetween(at(30, 120), at(30, 120))).toBe(0);
  // A thousandth of a degree of latitude.
  expect(metresBetween(at(30, 120), at(30.001, 120))).toBeCloseTo(111.2, 1);
  // Beijing to Shanghai: 1,067 km on the ellipsoid.
  expect(metresBetween(at(39.9042, 116.4074), at(31.2304, 121.4737)) / 1_000).toBeCloseTo(1_067, -1);
  expect(metresBetween(at(10, 20), at(-10, -160)) / 1_000).toBeCloseTo(20_015, 0);
});

it('is as far back, and goes the short way over the date line', () => {
  expect(metresBetween(at(0, 179.999), at(0, -179.999))).toBeCloseTo(222.4, 1);
  expect(metresBetween(at(31, 121), at(40, 116))).toBe(metresBetween(at(40, 116), at(31, 121)));
});
