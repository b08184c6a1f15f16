import { expect, it } from 'vitest';
import operating from '../../../docs/operating.md?raw';
import { alarmKindsZh } from '../alarms/alarm-words.ts';
import { blocksOf } from './markdown.ts';

const guide = blocksOf(operating);

it('every alarm has its heading in the guide', () => {
  const headings = guide.flatMap((block) => (block.kind === 'heading' ? [block.id] : []));
  for (const kind of Object.keys(alarmKindsZh)) expect(headings).toContain(kind);
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
