import { expect, it } from 'vitest';
import { askPlace } from './ask-place.ts';

const failing = (code: number): Pick<Geolocation, 'getCurrentPosition'> => ({
  getCurrentPosition(_found, failed) {
    failed?.({ code, message: '', PERMISSION_DENIED: 1, POSITION_UNAVAILABLE: 2, TIMEOUT: 3 });
  },
});

it('tells a refusal from a place that cannot be found and from one that takes too long', async () => {
  expect(await askPlace(failing(1))).toBe('refused');
  expect(await askPlace(failing(2))).toBe('unavailable');
  expect(await askPlace(failing(3))).toBe('timeout');
  expect(await askPlace(failing(9))).toBe('unavailable');
  expect(await askPlace(undefined)).toBe('unavailable');
});
