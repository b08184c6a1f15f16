import { refusal } from '../platform/errors.ts';

/** The tus resumable upload protocol, version 1.0.0: what its headers say. Source: tus.io/protocols/resumable-upload */
export const tusVersion = '1.0.0';
const tusExtensions = ['creation', 'expiration', 'termination'];

/** What the server can do, for `OPTIONS`. */
export const tusAbilities = (bytesMax: number): Record<string, string> => ({
  'tus-version': tusVersion,
  'tus-extension': tusExtensions.join(','),
  'tus-max-size': String(bytesMax),
});

/** Throws `upload-version` for a client of another version, or of another protocol. */
export function requireTus(headers: Headers): void {
  if (headers.get('tus-resumable') === tusVersion) return;
  throw refusal('upload-version', 'say `Tus-Resumable: 1.0.0`', { version: tusVersion });
}

const metadataCharsMax = 4_096;

/** `filename d29ybGQ=,title aGVsbG8=`. Throws `invalid-request` for what is not so, in part or in whole. */
export function parseMetadata(header: string | null): Readonly<Record<string, string>> {
  if (header === null) return {};
  if (header.length > metadataCharsMax) throw refusal('invalid-request', 'Upload-Metadata is too long');
  const pairs = header.split(',').map((pair): [string, string] => {
    const [key = '', value = '', ...more] = pair.trim().split(' ');
    if (!/^[a-z]{1,20}$/.test(key) || more.length > 0)
      throw refusal('invalid-request', 'Upload-Metadata is not as tus says');
    return [key, textOf(value)];
  });
  return Object.fromEntries(pairs);
}

function textOf(base64: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
    if (!text.includes('\0')) return text;
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
  }
  throw refusal('invalid-request', 'Upload-Metadata holds base64 of UTF-8 texts');
}

/** A count of bytes in a header. Throws `invalid-request` for anything else. */
export function bytesOf(headers: Headers, name: string): number {
  const text = headers.get(name) ?? '';
  const bytes = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(bytes))
    throw refusal('invalid-request', `${name} is a count of bytes`);
  return bytes;
}
