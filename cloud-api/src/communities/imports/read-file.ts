import { parse } from 'csv-parse/sync';
import { readSheet } from 'read-excel-file/node';
import { findHeader } from './columns.ts';
import { importColumnsMax, importRowsMax, type ImportColumn } from './contract.ts';
import { modestZip, ZipFault } from './modest-zip.ts';
import { readRow, type ReadRow } from './read-row.ts';

export type FileFault = 'unreadable' | 'empty' | 'too-large' | 'no-header';
/** The rows of a file, or what keeps it from being read. */
export type ReadFile =
  | { readonly rows: readonly ReadRow[] }
  | { readonly fault: FileFault; readonly missing?: readonly ImportColumn[] };

type Sheet = readonly (readonly string[])[];

/** Above the header and among the rows some lines are empty. */
const linesMax = importRowsMax + 1_000;
const recordBytesMax = 64 * 1024;
const zipMagic = Buffer.from('PK');

/** Reads a CSV or XLSX file of residents. Takes a while and some memory: for a thread of its own. */
export async function readFile(bytes: Buffer, today: string): Promise<ReadFile> {
  try {
    return rowsOf(bytes.subarray(0, 2).equals(zipMagic) ? await sheetOf(bytes) : csvOf(bytes), today);
  } catch (error) {
    if (error instanceof ZipFault && error.tooLarge) return { fault: 'too-large' };
    // Whatever a parser says of a file that is not what it seems: the sender can only send another.
    return { fault: 'unreadable' };
  }
}

function rowsOf(sheet: Sheet, today: string): ReadFile {
  if (sheet.length > linesMax || sheet.some((cells) => cells.length > importColumnsMax)) return { fault: 'too-large' };
  const header = findHeader(sheet);
  if ('missing' in header) return { fault: 'no-header', missing: header.missing };
  const rows = sheet
    .slice(header.at + 1)
    .flatMap((cells, index) => readRow(cells, header.at + index + 2, header.columns, today) ?? []);
  if (rows.length === 0) return { fault: 'empty' };
  return rows.length > importRowsMax ? { fault: 'too-large' } : { rows };
}

/** Cells as text; numbers as they stand in the file, so that no digit of a phone is rounded. */
async function sheetOf(bytes: Buffer): Promise<Sheet> {
  const cells = await readSheet(modestZip(bytes), 1, { parseNumber: wholeNumber });
  return cells.map((row) => withoutTail(row.map(textOf)));
}

/** Spreadsheets write long numbers with an exponent: `1.3812341234E10`. */
const wholeNumber = (text: string): string => (/e/i.test(text) ? String(Number(text)) : text);

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}

/** Empty cells at the end of a row are formatting. */
function withoutTail(cells: readonly string[]): readonly string[] {
  return cells.slice(0, cells.findLastIndex((cell) => cell.trim() !== '') + 1);
}

function csvOf(bytes: Buffer): Sheet {
  const text = textIn(bytes);
  const records = parse(text, {
    bom: true,
    delimiter: delimiterOf(text),
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: recordBytesMax,
    to: linesMax + 1,
  });
  return records.map(withoutTail);
}

/** UTF-8, or what a Chinese spreadsheet program writes unless told otherwise. Throws TypeError for neither. */
function textIn(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  }
}

/** The sign that the first line has most of. */
function delimiterOf(text: string): string {
  const line =
    text
      .slice(0, recordBytesMax)
      .split(/\r?\n/)
      .find((one) => one.trim() !== '') ?? '';
  const count = (sign: string) => line.split(sign).length;
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}
