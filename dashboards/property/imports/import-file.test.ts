import { expect, it } from 'vitest';
import { importBytesMax, importFileFault, sampleCsv } from './import-file.ts';

it('says before the upload what cannot be taken', () => {
  expect(importFileFault({ name: '名册.XLSX', size: 10 })).toBeNull();
  expect(importFileFault({ name: '名册.xls', size: 10 })).toBe('wrong-type');
  expect(importFileFault({ name: '名册.csv', size: importBytesMax + 1 })).toBe('too-large');
});

it('a sample opens in a spreadsheet with its Chinese intact', () => {
  expect(sampleCsv(['姓名', '手机'], [['林晓', '13800001234']])).toBe('\uFEFF姓名,手机\r\n林晓,13800001234\r\n');
});
