import { expect, it } from 'vitest';
import operatingEn from '../../../docs/operating.md?raw';
import operatingZh from '../../../docs/operating.zh-CN.md?raw';
import { alarmKindsZh } from '../alarms/alarm-words.ts';
import { blocksOf } from './markdown.ts';

it.each([
  ['Chinese', operatingZh],
  ['English', operatingEn],
])('every alarm has its heading, and something to do below it, in the %s guide', (_, guide) => {
  const blocks = blocksOf(guide);
  for (const kind of Object.keys(alarmKindsZh)) {
    const at = blocks.findIndex((block) => block.kind === 'heading' && block.id === kind);
    expect([kind, blocks[at + 1]?.kind]).toEqual([kind, 'paragraph']);
  }
});

it('both guides say the same in the same order', () => {
  const shape = (guide: string) =>
    blocksOf(guide).flatMap((block) => (block.kind === 'heading' && block.level === 3 ? [block.id] : []));
  expect(shape(operatingZh)).toEqual(shape(operatingEn));
});

it('joins Chinese lines without a gap, and shows a link by its words', () => {
  expect(blocksOf('第一行\n第二行，见[说明](x.md)。')).toEqual([
    { kind: 'paragraph', spans: [{ kind: 'plain', text: '第一行第二行，见说明。' }] },
  ]);
});

it('reads what the guide is written in', () => {
  const text =
    '# Title here\n\nTwo\nlines **bold** and `code`.\n\n- one\n  more\n- two\n\n```\na\n\nb\n```\n\n1. first\n2. second\n';
  expect(blocksOf(text)).toMatchObject([
    { kind: 'heading', level: 1, id: 'title-here' },
    { kind: 'paragraph', spans: [{ text: 'Two lines ' }, { kind: 'bold' }, {}, { kind: 'code', text: 'code' }, {}] },
    { kind: 'list', ordered: false, items: [[{ text: 'one more' }], [{ text: 'two' }]] },
    { kind: 'code', text: 'a\n\nb' },
    { kind: 'list', ordered: true },
  ]);
});
