/** What Excel needs to read the file as UTF-8. */
export const byteOrderMark = '\uFEFF';

/** A cell that begins like this is a formula to a spreadsheet: whoever names a pass `=cmd|…` would run it on the manager's machine. */
const formulaStart = /^[=+\-@\t\r]/;
const mustQuote = /[",\r\n]/;

/** One cell (RFC 4180), made harmless by an apostrophe where it would be a formula. */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = formulaStart.test(value) ? `'${value}` : value;
  return mustQuote.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One record with its line end. */
export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(csvCell).join(',')}\r\n`;
