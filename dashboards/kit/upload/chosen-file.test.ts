import type { ClipUpload } from '@gatecast/cloud-api/client';
import { expect, test } from 'vitest';
import { continues, faultOfFile, megabytes, titleOfFile } from './chosen-file.ts';

const file = (name: string, type: string, size = 1_000) => ({ name, type, size });

test('videos of phones are sent, also where the phone does not say what they are', () => {
  expect(faultOfFile(file('a.mp4', 'video/mp4'), 2_000)).toBeNull();
  expect(faultOfFile(file('IMG_2044.MOV', 'video/quicktime'), 2_000)).toBeNull();
  expect(faultOfFile(file('a.MP4', ''), 2_000)).toBeNull();
  expect(faultOfFile(file('a.webm', 'video/webm'), 2_000)).toBe('notAVideo');
  expect(faultOfFile(file('a.mp4', 'video/mp4', 0), 2_000)).toBe('empty');
});

test('a file beyond the limit is refused before it travels', () => {
  expect(faultOfFile(file('a.mp4', 'video/mp4', 2_001), 2_000)).toBe('tooLarge');
});

test('a file goes on with its own unfinished upload and with no other', () => {
  const upload: ClipUpload = {
    id: 'upld_00000000000000000001',
    title: 'X',
    house: null,
    category: null,
    fileName: 'IMG_2044.MOV',
    fileModifiedAt: 7,
    bytes: 1_000,
    receivedBytes: 400,
    state: 'receiving',
    clipId: null,
    fault: null,
    faultDetails: null,
    createdAt: 1,
    expiresAt: 2,
  };
  const chosen = { name: 'IMG_2044.MOV', size: 1_000, lastModified: 7 };
  expect(continues(chosen, [upload])).toBe(upload);
  for (const change of [{ name: 'IMG_2045.MOV' }, { size: 1_001 }, { lastModified: 8 }])
    expect(continues({ ...chosen, ...change }, [upload])).toBeUndefined();
  expect(continues(chosen, [{ ...upload, state: 'refused' }])).toBeUndefined();
});

test('the file name gives a first title', () => {
  expect(titleOfFile('autumn_cakes-final.v2.mp4')).toBe('autumn cakes final.v2');
});

test('sizes are told in megabytes', () => {
  expect(megabytes(8_449_000)).toBe('8.4');
});
