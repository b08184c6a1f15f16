import { expect, it } from 'vitest';
import { chooseLanguage } from './language.ts';

it('the address wins, then what was chosen before, then the browser, then Chinese', () => {
  const preferred = ['fr-FR', 'en-GB', 'zh-CN'];
  expect(chooseLanguage({ search: '?lang=zh', stored: 'en', preferred })).toBe('zh');
  expect(chooseLanguage({ search: '?lang=xx', stored: 'zh', preferred })).toBe('zh');
  expect(chooseLanguage({ search: '', stored: null, preferred })).toBe('en');
  expect(chooseLanguage({ search: '', stored: null, preferred: ['fr'] })).toBe('zh');
});
