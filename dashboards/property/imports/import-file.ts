/** What the cloud takes: 5 MB of CSV or XLSX. */
export const importBytesMax = 5 * 1024 * 1024;

/** Why a file need not be sent at all. */
export function importFileFault(file: Pick<File, 'name' | 'size'>): 'too-large' | 'wrong-type' | null {
  if (!/\.(csv|xlsx|txt)$/i.test(file.name)) return 'wrong-type';
  return file.size > importBytesMax ? 'too-large' : null;
}

/** Spreadsheets take a CSV for UTF-8 only if it begins with this mark. */
const byteOrderMark = '\uFEFF';

/** A file to fill in: the header, and two rows that show how. */
export function sampleCsv(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return `${byteOrderMark}${[head, ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`;
}
