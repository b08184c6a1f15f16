import { expect, it } from 'vitest';
import { localText, momentOf } from './local-moment.ts';

const zone = 'Asia/Shanghai';

it('a typed time is on the community’s clock', () => {
  const at = Date.parse('2026-11-22T15:40:00Z');
  expect(localText(at, zone)).toBe('2026-11-22T23:40');
  expect(momentOf('2026-11-22T23:40', zone)).toBe(at);
  expect(momentOf('2026-11-22', zone)).toBeNull();
});
