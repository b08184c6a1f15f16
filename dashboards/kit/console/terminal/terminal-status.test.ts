import { expect, it } from 'vitest';
import { statusOf } from './terminal-status.ts';
import { terminalWordsZh as words } from './words-zh.ts';

const terminal = { status: 'active', online: true, doorOnline: true } as const;

it('tells the worst of what is the matter', () => {
  expect(statusOf(terminal, words)).toEqual({ tone: 'good', word: '一切正常', hint: null });
  expect(statusOf({ ...terminal, doorOnline: false }, words).tone).toBe('warn');
  expect(statusOf({ ...terminal, online: false, doorOnline: false }, words).word).toBe('终端离线');
  expect(statusOf({ ...terminal, status: 'unclaimed', online: false }, words).word).toBe('待激活');
});
