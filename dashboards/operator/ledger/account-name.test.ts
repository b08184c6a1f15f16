import { expect, it } from 'vitest';
import { zh } from '../messages/zh.ts';
import { accountName } from './account-name.ts';

const nameOf = (account: string) => accountName(account, zh.ledger, (id) => (id === 'stor_1' ? '东门店' : undefined));

it('says whose money an account holds', () => {
  expect(nameOf('provider-cash:platform')).toBe('平台收款账户');
  expect(nameOf('provider-cash:stor_1')).toBe('东门店 · 收款账户');
  expect(nameOf('store-payable:stor_2')).toBe('stor_2 · 应付货款');
  expect(nameOf('something-new')).toBe('something-new');
});
