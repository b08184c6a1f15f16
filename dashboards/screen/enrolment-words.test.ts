import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ScreenEnrolment } from '@gatecast/firmware-protocol/messages';

let wordsOf: (enrolment: ScreenEnrolment) => { readonly title: string; readonly hint: string };

beforeAll(async () => {
  vi.stubGlobal('location', { search: '' });
  ({ wordsOf } = await import('./enrolment-words.ts'));
});
afterAll(() => vi.unstubAllGlobals());

test.each([
  ['cloud-unreachable', '连不上平台', '网线'],
  ['claim-keys-differ', '不能安装', '做手脚'],
  ['too-many-requests', '请稍候', '太多'],
])('a terminal that cannot be claimed for %s says «%s», and the code for whoever is called', (reason, title, about) => {
  const said = wordsOf({ state: 'no-network', reason });
  expect(said.title).toBe(title);
  expect(said.hint).toContain(about);
  expect(said.hint).toContain(`(${reason})`);
});

test('the company stands above the digits', () => {
  expect(wordsOf({ state: 'compare', company: '和雅物业', digits: '' }).hint).toMatch(/^和雅物业\n/);
});
