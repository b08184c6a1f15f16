import writeExcelFile, { type SheetData } from 'write-excel-file/node';
import { byteOrderMark, csvLine } from './csv.ts';

/** One cell of a table that people open in a spreadsheet: money as fen, a day as `2026-11-23`. */
export type SheetCell =
  | { readonly text: string }
  | { readonly number: number }
  | { readonly fen: number }
  | { readonly day: string }
  | null;

/** A table for spreadsheets: one model for both kinds of files, so that they say the same. */
export interface Sheet {
  readonly name: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly SheetCell[])[];
}

const fenPerYuan = 100;
const moneyFormat = '#,##0.00';
const dayFormat = 'yyyy-mm-dd';

/** As CSV in UTF-8 with a byte order mark; money in yuan. What would be a formula is none. */
export const csvOf = ({ header, rows }: Sheet): string =>
  byteOrderMark + [header, ...rows.map((row) => row.map(csvValue))].map((cells) => csvLine(cells)).join('');

function csvValue(cell: SheetCell): string | number | null {
  if (cell === null) return null;
  if ('fen' in cell) return (cell.fen / fenPerYuan).toFixed(2);
  if ('number' in cell) return cell.number;
  return 'day' in cell ? cell.day : cell.text;
}

/** As an Excel file: numbers, money and days are such, so that they can be added up. Texts are never formulas. */
export function xlsxOf({ name, header, rows }: Sheet): Promise<Buffer> {
  const data: SheetData = [
    header.map((value) => ({ value, type: String, fontWeight: 'bold' as const })),
    ...rows.map((row) => row.map(excelCell)),
  ];
  return writeExcelFile(data, { sheet: name, stickyRowsCount: 1 }).toBuffer();
}

function excelCell(cell: SheetCell): SheetData[number][number] {
  if (cell === null) return null;
  if ('fen' in cell) return { value: cell.fen / fenPerYuan, type: Number, format: moneyFormat };
  if ('number' in cell) return { value: cell.number, type: Number };
  if ('day' in cell) return { value: new Date(`${cell.day}T00:00:00Z`), type: Date, format: dayFormat };
  return { value: cell.text, type: String };
}
