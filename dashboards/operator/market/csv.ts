/** What a spreadsheet needs to read the file as UTF-8. */
const byteOrderMark = '\uFEFF';
/** What begins like this is a formula to a spreadsheet. */
const formulaStart = /^[=+\-@\t\r]/;
const mustQuote = /[",\r\n]/;

function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = formulaStart.test(value) ? `'${value}` : value;
  return mustQuote.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table as a file (RFC 4180) that runs nothing when it is opened. */
export const csvText = (rows: readonly (readonly (string | number)[])[]): string =>
  byteOrderMark + rows.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
