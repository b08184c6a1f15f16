import { expect, it } from 'vitest';
import { csvText } from './csv.ts';

it('quotes what holds commas and quotes, and disarms what a spreadsheet would run', () => {
  expect(
    csvText([
      ['a,b', 'c"d', 1],
      ['=1+1', '平安里', -2],
    ]),
  ).toBe('\uFEFF"a,b","c""d",1\r\n\'=1+1,平安里,-2\r\n');
});
