import { DomainError } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asMeant, bytesOf, metadataHeader, parseMetadata } from './tus.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

it('Metadata comes out as the client put it in', () => {
  const texts = fc.dictionary(
    fc.stringMatching(/^[!-+\--~]{1,20}$/),
    fc.string({ unit: 'grapheme', maxLength: 80 }).filter((text) => !text.includes('\0')),
    { minKeys: 1, maxKeys: 5 },
  );
  fc.assert(
    fc.property(texts, (about) => {
      const header = Object.entries(about)
        .map(([name, text]) => `${name} ${base64(text)}`)
        .join(',');
      expect(parseMetadata(header)).toEqual({ ...about });
      expect(metadataHeader({ ...about })).toBe(header);
    }),
  );
});

it('Metadata may have keys that we do not know and keys without a value, and none twice', () => {
  expect(parseMetadata(`relativePath ${base64('null')},isFinal,empty ,name ${base64('a')}`)).toEqual({
    relativePath: 'null',
    isFinal: '',
    empty: '',
    name: 'a',
  });
  for (const wrong of ['name YQ==,name YQ==', 'name a b', 'name %%%%', ' ', ',', 'näme YQ=='])
    expect(() => parseMetadata(wrong)).toThrow(DomainError);
});

it('A client that may only send GET and POST says what it means in a header', async () => {
  const sent = (method: string, meant?: string, body?: string) =>
    asMeant(
      new Request('http://x/v1/clip-uploads/a', {
        method,
        headers: { ...(meant === undefined ? {} : { 'x-http-method-override': meant }), 'upload-offset': '0' },
        ...(body === undefined ? {} : { body }),
      }),
    );
  const patch = sent('POST', 'PATCH', 'bytes');
  expect(patch.method).toBe('PATCH');
  expect(patch.headers.get('upload-offset')).toBe('0');
  expect(await patch.text()).toBe('bytes');
  expect(sent('POST', 'head', 'bytes').method).toBe('HEAD');
  expect(sent('GET', 'DELETE').method).toBe('DELETE');
  expect(sent('POST').method).toBe('POST');
  expect(sent('POST', 'TRACE').method).toBe('POST');
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
