import { ApiError } from '@gatecast/cloud-api/client';
import { expect, it } from 'vitest';
import { en } from './en.ts';
import { problemSentence } from './problem-sentence.ts';
import { problemsEn } from './problems-en.ts';
import { problemsZh } from './problems-zh.ts';
import { zh } from './zh.ts';

const refused = (code: string) => new ApiError({ type: 'about:blank', title: 'this is new', status: 409, code });

it('says what went wrong in the words of the language', () => {
  expect(problemSentence(refused('slot-sold-out'), { ...zh, problems: problemsZh })).toBe(
    '这个时段已经订满，请换一个。',
  );
  expect(problemSentence(refused('slot-sold-out'), { ...en, problems: problemsEn })).toBe(
    'This slot is full. Please choose another one.',
  );
});

it('a code without a sentence can be told to us', () => {
  expect(problemSentence(refused('brand-new'), zh)).toBe('this is new (代码：brand-new)');
});
