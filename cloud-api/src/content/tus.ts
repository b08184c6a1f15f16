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

/** Throws `upload-version` for a client of another version. */
export function refuseOtherVersion(headers: Headers): void {
  const said = headers.get('tus-resumable');
  if (said !== null && said !== tusVersion) throw otherVersion();
}

/** Throws `upload-version` for a client of another version, or of another protocol. */
export function requireTus(headers: Headers): void {
  if (headers.get('tus-resumable') !== tusVersion) throw otherVersion();
}

const otherVersion = () => refusal('upload-version', 'say `Tus-Resumable: 1.0.0`', { version: tusVersion });

const methods = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS']);
const bodiless = new Set(['GET', 'HEAD']);

/** The request as its client meant it: some networks let GET and POST through and nothing else, so `X-HTTP-Method-Override` says the method. */
export function asMeant(request: Request): Request {
  const method = request.headers.get('x-http-method-override')?.toUpperCase();
  if (method === undefined || !methods.has(method)) return request;
  const headers = new Headers(request.headers);
  headers.delete('x-http-method-override');
  if (bodiless.has(method)) return new Request(request.url, { method, headers });
  return new Request(request, { method, headers });
}

const metadataCharsMax = 4_096;
/** `Upload-Metadata` as it was sent, for whoever goes on with the upload; null where it was not kept. */
export interface ToldMetadata {
  readonly metadata: string | null;
}

const metadataKey = /^[!-+\--~]{1,100}$/;

/** `filename d29ybGQ=,isFinal`: keys as clients like them, values in base64 or none. Throws `invalid-request` for what is not so, in part or in whole. */
export function parseMetadata(header: string): Readonly<Record<string, string>> {
  if (header === '') return {};
  if (header.length > metadataCharsMax) throw refusal('invalid-request', 'Upload-Metadata is too long');
  const about = new Map<string, string>();
  for (const pair of header.split(',')) {
    const [key = '', value = '', ...more] = pair.trim().split(' ');
    if (!metadataKey.test(key) || more.length > 0 || about.has(key))
      throw refusal('invalid-request', 'Upload-Metadata is not as tus says');
    about.set(key, textOf(value));
  }
  return Object.fromEntries(about);
}

/** The reverse, for answers; what is null is left out. */
export const metadataHeader = (about: Readonly<Record<string, string | number | null>>): string =>
  Object.entries(about)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key} ${Buffer.from(String(value)).toString('base64')}`)
    .join(',');

function textOf(base64: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
    if (/^[A-Za-z0-9+/]*={0,2}$/.test(base64) && !text.includes('\0')) return text;
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
