import { expect, it } from 'vitest';
import { phoneLabel } from './phone-key.ts';

it('a phone is called by its browser and its system', () => {
  const android =
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0 Mobile Safari/537.36';
  const iphone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1';
  expect(phoneLabel(android)).toBe('Chrome · Android');
  expect(phoneLabel(`${android} MicroMessenger/8.0`)).toBe('WeChat · Android');
  expect(phoneLabel(iphone)).toBe('Safari · iPhone');
  expect(phoneLabel('curl')).toBe('H5');
});
