import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { days } from '@gatecast/firmware-protocol';
import { expect, it } from 'vitest';
import {
  codeAlphabet,
  offerCodeLength,
  offersMax,
  tryWindowMs,
  wrongCodesMax,
} from '../../cloud-api/src/terminals/offer-rules.ts';

const guide = fileURLToPath(new URL('../../docs/claiming.md', import.meta.url));

it('a day of guessing at codes is worth what docs/claiming.md says', async () => {
  const text = await readFile(guide, 'utf8');
  const tries = (days(1) / tryWindowMs) * wrongCodesMax;
  const oneIn = codeAlphabet.length ** offerCodeLength / (tries * offersMax);
  expect(codeAlphabet.length ** offerCodeLength).toBe(2 ** 40);
  expect(text).toContain(`${tries.toLocaleString('en')} × ${offersMax.toLocaleString('en')} / 2^40`);
  expect(text).toContain(`one in ${Number(oneIn.toPrecision(3)).toLocaleString('en')}`);
});
