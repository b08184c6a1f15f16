import { expect, it } from 'vitest';
import { statusOf } from './terminal-status.ts';
import { terminalWordsZh as words } from './words-zh.ts';

const terminal: Parameters<typeof statusOf>[0] = { status: 'active', online: true, doorOnline: true, alarms: [] };

it('tells the worst of what is the matter', () => {
  expect(statusOf(terminal, words)).toEqual({ tone: 'good', word: '一切正常', hint: null });
  expect(statusOf({ ...terminal, doorOnline: false }, words).tone).toBe('warn');
  const alarms = [{ kind: 'forced' as const, since: 1, entranceId: 'entr_1' }];
  expect(statusOf({ ...terminal, alarms }, words)).toMatchObject({ tone: 'bad', word: '有报警' });
  expect(statusOf({ ...terminal, alarms, online: false }, words).word).toBe('终端离线');
  expect(statusOf({ ...terminal, online: false, doorOnline: false }, words).word).toBe('终端离线');
  expect(statusOf({ ...terminal, status: 'unclaimed', online: false }, words).word).toBe('待激活');
});
