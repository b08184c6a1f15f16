import { describe, expect, it } from 'vitest';
import { csvLine } from './csv.ts';

describe('a line of CSV', () => {
  it('quotes what would end a cell or a line, and doubles quotes', () => {
    expect(csvLine(['a,b', 'say "hi"', 'two\r\nlines', 'plain'])).toBe('"a,b","say ""hi""","two\r\nlines",plain\r\n');
  });

  it('leaves nothing empty-handed: null is an empty cell, a number its digits', () => {
    expect(csvLine([null, 0, 5_000, ''])).toBe(',0,5000,\r\n');
  });

  it('runs no formula in a spreadsheet', () => {
    expect(csvLine(['=1+1', '+86', '-x', '@SUM(A1)', '\t=1', '=a,"b"'])).toBe(
      `'=1+1,'+86,'-x,'@SUM(A1),'\t=1,"'=a,""b"""\r\n`,
    );
  });
});
