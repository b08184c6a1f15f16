import { milliseconds, seconds } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { createFileReader } from './file-reader.ts';
import { modestZip, ZipFault } from './modest-zip.ts';
import { readFile } from './read-file.ts';
import { xlsxOf, zipOf } from './xlsx.fixture.ts';

const day = '2026-11-23';
const read = async (bytes: Buffer | string) => readFile(Buffer.from(bytes), day);
const anna = {
  name: 'Anna',
  phone: '13800000001',
  building: '1',
  unit: '1203',
  relation: null,
  leaseEndsOn: undefined,
};

describe('a file of residents', () => {
  it.each([
    ['in UTF-8', 'name,phone,building,unit\nAnna,13800000001,1,1203\n'],
    ['with a byte order mark', '\ufeffname,phone,building,unit\r\nAnna,13800000001,1,1203\r\n'],
    ['with semicolons', 'name;phone;building;unit\nAnna;13800000001;1;1203'],
    ['with tabs and columns in another order', 'unit\tbuilding\tnote\tphone\tname\n1203\t1\t-\t13800000001\tAnna'],
    ['with quotes', '"name","phone","building","unit"\n"Anna","138 0000 0001","1","1203"'],
    [
      'with a title above the header',
      'Residents of Linden Court\n\nname,phone,building,unit\nAnna,+86 13800000001,1,1203',
    ],
  ])('is read %s', async (_, text) => {
    const file = await read(text);
    expect(file).toMatchObject({ rows: [anna] });
  });

  it('is read in GB18030, as Chinese spreadsheet programs write it', async () => {
    // 姓名,手机,楼栋,房号,关系,租期至 / 王芳,13800000002,3栋,0801室,租户,2027年6月30日
    const gb18030 = Buffer.from(
      'd0d5c3fb2ccad6bbfa2cc2a5b6b02cb7bfbac52cb9d8cfb52cd7e2c6dad6c10acdf5b7bc2c31333830303030303030322c33b6b02c30383031cad22cd7e2bba72c32303237c4ea36d4c23330c8d50a',
      'hex',
    );
    expect(await readFile(gb18030, day)).toMatchObject({
      rows: [
        {
          row: 2,
          name: '王芳',
          phone: '13800000002',
          building: '3栋',
          unit: '0801',
          relation: 'tenant',
          leaseEndsOn: '2027-06-30',
        },
      ],
    });
  });

  it('is read as XLSX, with phones and units as numbers and days as days', async () => {
    const book = xlsxOf([
      ['姓名', '手机号', '楼号', '房号', '关系', '租期至'],
      ['王芳', 13800000002, 3, 801, '租户', { serial: 46568 }],
      ['', '', '', ''],
      ['Anna', '138-0000-0001', '1', '1203'],
    ]);
    expect(await readFile(book, day)).toMatchObject({
      rows: [
        {
          row: 2,
          name: '王芳',
          phone: '13800000002',
          building: '3',
          unit: '801',
          relation: 'tenant',
          leaseEndsOn: '2027-06-30',
        },
        { row: 4, ...anna, leaseEndsOn: null },
      ],
    });
  });

  it('says what is wrong with a row, in which column, and nothing of what it says', async () => {
    const file = await read(
      'name,phone,building,unit,relation,lease end\n,123,,12a,cousin,2027-02-30\nBo,13800000003,1,101,owner,2020-01-01',
    );
    const errors = 'rows' in file ? file.rows.flatMap((row) => row.errors) : [];
    expect(errors.map(({ row, column, code }) => `${row} ${column} ${code}`)).toEqual([
      '2 name name-missing',
      '2 phone phone-invalid',
      '2 building building-missing',
      '2 unit unit-invalid',
      '2 relation relation-unknown',
      '2 leaseEndsOn lease-end-invalid',
      '3 leaseEndsOn lease-end-past',
    ]);
    expect(JSON.stringify(errors)).not.toMatch(/123|12a|cousin|Bo/);
  });

  it.each([
    ['nothing but a header', 'name,phone,building,unit\n', { fault: 'empty' }],
    ['no header', 'Anna,13800000001,1,1203\n', { fault: 'no-header', missing: ['name', 'phone', 'building', 'unit'] }],
    [
      'a header that lacks something',
      'name,phone,unit\nAnna,13800000001,1203',
      { fault: 'no-header', missing: ['building'] },
    ],
    ['more columns than anybody has', `${'x,'.repeat(50)}x\n`, { fault: 'too-large' }],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x80, 0x00, 0xff]), { fault: 'unreadable' }],
    ['a ZIP that is no workbook', zipOf({ 'readme.txt': 'hello' }), { fault: 'unreadable' }],
    ['a ZIP that is cut off', xlsxOf([['name']]).subarray(0, 300), { fault: 'unreadable' }],
  ])('with %s is refused', async (_, bytes, expected) => {
    expect(await read(bytes)).toEqual(expected);
  });

  it('has at most 20,000 rows', async () => {
    const row = (n: number) => `A,138${String(n).padStart(8, '0')},1,101\n`;
    const rows = (count: number) =>
      `name,phone,building,unit\n${Array.from({ length: count }, (_, n) => row(n)).join('')}`;
    const most = await read(rows(20_000));
    expect('rows' in most && most.rows.length).toBe(20_000);
    expect(await read(rows(20_001))).toEqual({ fault: 'too-large' });
  });
});

describe('a ZIP bomb', () => {
  const bomb = zipOf({ 'xl/workbook.xml': Buffer.alloc(80 * 1024 * 1024) });

  it('is small, and refused before it fills the memory', async () => {
    expect(bomb.length).toBeLessThan(100_000);
    expect(() => modestZip(bomb)).toThrow(ZipFault);
    expect(await read(bomb)).toEqual({ fault: 'too-large' });
  });

  it('that lies about its size is refused all the same', () => {
    const liar = zipOf({ 'xl/workbook.xml': Buffer.alloc(2_000_000) });
    // The unpacked size in the local header and in the directory.
    liar.writeUInt32LE(10, 22);
    liar.writeUInt32LE(10, liar.length - 22 - 46 - 'xl/workbook.xml'.length + 24);
    expect(() => modestZip(liar, 1_000_000)).toThrow(ZipFault);
  });

  it('in many parts is as large as their sum', () => {
    const parts = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`${n}.xml`, Buffer.alloc(100_000)]));
    expect(() => modestZip(zipOf(parts), 1_999_999)).toThrow(ZipFault);
    expect(modestZip(zipOf(parts), 2_000_000).length).toBeGreaterThan(2_000_000);
  });
});

describe('the thread that reads files', () => {
  it('gives what it read', async () => {
    const rows = await createFileReader().read(Buffer.from('name,phone,building,unit\nAnna,13800000001,1,1203'), day);
    expect(rows).toMatchObject([anna]);
  });

  it('is ended when a file takes too long', async () => {
    const slow = createFileReader({ readWithinMs: milliseconds(1), heapMb: 64 });
    await expect(slow.read(Buffer.from('name,phone\n'), day)).rejects.toMatchObject({ code: 'import-unreadable' });
  });

  it('ends when a file needs more memory than it gets', async () => {
    const wide = Array.from({ length: 18_000 }, (_, n) => Array.from({ length: 45 }, () => n).join());
    const small = createFileReader({ readWithinMs: seconds(20), heapMb: 20 });
    await expect(small.read(Buffer.from(wide.join('\n')), day)).rejects.toMatchObject({ code: 'import-unreadable' });
  });

  it('reads two files at once and asks a third to come back', async () => {
    const reader = createFileReader();
    const file = Buffer.from('name,phone,building,unit\nAnna,13800000001,1,1203');
    const answers = await Promise.allSettled([1, 2, 3].map(() => reader.read(file, day)));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  });
});
