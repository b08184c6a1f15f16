import { DomainError } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesOf, parseMetadata } from './tus.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

it('Metadata comes out as the client put it in', () => {
  const texts = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,20}$/),
    fc.string({ unit: 'grapheme', maxLength: 80 }).filter((text) => !text.includes('\0')),
    { minKeys: 1, maxKeys: 5 },
  );
  fc.assert(
    fc.property(texts, (about) => {
      const header = Object.entries(about)
        .map(([name, text]) => `${name} ${base64(text)}`)
        .join(',');
      expect(parseMetadata(header)).toEqual({ ...about });
    }),
  );
});

it('Headers of any kind are read or refused, never worse', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (header) => {
      for (const read of [
        () => parseMetadata(header),
        () => bytesOf({ get: () => header } as never, 'upload-offset'),
      ]) {
        try {
          read();
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError);
        }
      }
    }),
  );
});
