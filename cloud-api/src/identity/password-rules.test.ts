import { expect, it } from 'vitest';
import { isCommonPassword } from './password-rules.ts';

it('a password that a stranger tries first is common, however its letters are written', () => {
  for (const password of ['1234567890', 'Password123', 'QWERTYUIOP', 'woaini1314', '5201314520', 'p@ssw0rd123'])
    expect([password, isCommonPassword(password)]).toEqual([password, true]);
});

it('so is a run along the keyboard, and a few characters over and over', () => {
  for (const password of ['abcdefghijk', 'zyxwvutsrqp', '9876543210', 'aaaaaaaaaaaa', 'ababababab', '1212121212121212'])
    expect([password, isCommonPassword(password)]).toEqual([password, true]);
});

it('so is one’s own address or name, with or without digits behind it', () => {
  const own = ['wang.wei@property.example', 'Wang Wei Min'];
  for (const password of ['wang.wei@property.example', 'wang.wei2026', 'WangWeiMin1!', 'property.example'])
    expect([password, isCommonPassword(password, own)]).toEqual([password, true]);
  expect(isCommonPassword('wang.wei2026')).toBe(false);
});

it('a sentence is not', () => {
  for (const password of ['correct-horse-battery', 'long-enough-password', '三棵银杏在东门外面站着', 'k9 vD0-pLq2x'])
    expect([password, isCommonPassword(password, ['li@a.test'])]).toEqual([password, false]);
});
