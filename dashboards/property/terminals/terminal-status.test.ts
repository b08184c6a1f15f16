import { expect, it } from 'vitest';
import { zh } from '../messages/zh.ts';
import { statusOf } from './terminal-status.ts';

const terminal = { status: 'active', online: true, doorOnline: true } as const;

it('tells the worst of what is the matter', () => {
  expect(statusOf(terminal, zh.terminals)).toEqual({ tone: 'good', word: '一切正常', hint: null });
  expect(statusOf({ ...terminal, doorOnline: false }, zh.terminals).tone).toBe('warn');
  expect(statusOf({ ...terminal, online: false, doorOnline: false }, zh.terminals).word).toBe('终端离线');
  expect(statusOf({ ...terminal, status: 'unclaimed', online: false }, zh.terminals).word).toBe('待激活');
});
