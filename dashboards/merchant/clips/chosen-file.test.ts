import { expect, test } from 'vitest';
import { faultOfFile, megabytes, titleOfFile } from './chosen-file.ts';

const file = (name: string, type: string, size = 1_000) => ({ name, type, size });

test('only MP4 files are sent, also where the phone does not say what they are', () => {
  expect(faultOfFile(file('a.mp4', 'video/mp4'), 2_000)).toBeNull();
  expect(faultOfFile(file('a.MP4', ''), 2_000)).toBeNull();
  expect(faultOfFile(file('a.mov', 'video/quicktime'), 2_000)).toBe('notAVideo');
});

test('a file beyond the limit is refused before it travels', () => {
  expect(faultOfFile(file('a.mp4', 'video/mp4', 2_001), 2_000)).toBe('tooLarge');
});

test('the file name gives a first title', () => {
  expect(titleOfFile('autumn_cakes-final.v2.mp4')).toBe('autumn cakes final.v2');
});

test('sizes are told in megabytes', () => {
  expect(megabytes(8_449_000)).toBe('8.4');
});
