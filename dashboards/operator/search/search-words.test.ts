import { clockQuality, doorAlarm, refusal } from '@gatecast/firmware-protocol/messages';
import { expect, it } from 'vitest';
import { factsText, type FactWords } from './facts-text.ts';
import { searchWordsEn, searchWordsZh } from './search-words.ts';

const languages = [
  ['Chinese', searchWordsZh],
  ['English', searchWordsEn],
] as const;

it.each(languages)('every rule that refuses, every state of the clock and every alarm has its words in %s', (_, m) => {
  for (const rule of refusal.options) expect(m.rules).toHaveProperty(rule);
  for (const clock of clockQuality.options) expect(m.clocks).toHaveProperty(clock);
  // Openings under threat stand in the property's own list alone.
  for (const alarm of doorAlarm.options.filter((one) => one !== 'duress')) expect(m.what).toHaveProperty(alarm);
});

const words: FactWords = {
  m: searchWordsZh,
  commands: { reboot: '重启终端程序' },
  commandReasons: { 'no-answer': '终端没有回应。' },
  documents: { access: '通行名单' },
  documentReasons: { 'cannot-commit': '终端写不进磁盘' },
  format: { money: (fen) => `¥${fen / 100}`, number: String },
};
const row = { at: 0, terminalId: null, terminalName: null, who: null, why: null, leads: null } as const;

it('says no code where there is a word', () => {
  const refused = { hop: 'door', what: 'refused', facts: { via: 'card', person: null, reason: 'expired' } } as const;
  expect(factsText({ ...row, ...refused }, words)).toBe('刷卡 · 已经过期 · 详细依据已过保存期');
  const why = { rule: 'expired', list: 3, clock: 'synced' } as const;
  expect(factsText({ ...row, ...refused, why }, words)).toBe('刷卡');
  const command = { hop: 'command', what: 'EXPIRED', facts: { kind: 'reboot', reason: 'no-answer' } } as const;
  expect(factsText({ ...row, ...command }, words)).toBe('重启终端程序 · 终端没有回应。');
  const applied = { document: 'access', version: 7, state: 'failed', reason: 'cannot-commit' };
  expect(factsText({ ...row, hop: 'health', what: 'document-failed', facts: applied }, words)).toBe(
    '通行名单 · 第 7 版 · 终端写不进磁盘',
  );
  const lost = { stream: 'play', from: 1, to: 9, count: 9 };
  expect(factsText({ ...row, hop: 'health', what: 'lost', facts: lost }, words)).toBe('播放记录 · 9 行');
  const ordered = { totalFen: 3_990, status: 'ready' };
  expect(factsText({ ...row, hop: 'order', what: 'ordered', facts: ordered }, words)).toBe('¥39.9 · 等待取货');
});
