import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';

/** Shorter texts cost more to compress than to send. */
const gzipCharsMin = 8_192;

/** A JSON text in parts as the body of an answer, compressed for who takes it that way. Zipping runs in the thread pool. */
export function textResponse(parts: readonly string[], request: Request): Response {
  const headers = new Headers({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  const chars = parts.reduce((sum, part) => sum + part.length, 0);
  if (chars < gzipCharsMin) return new Response(parts.join(''), { headers });
  headers.set('vary', 'accept-encoding');
  const text = Readable.from(parts.map((part) => Buffer.from(part)));
  if (!takesGzip(request)) return new Response(webStream(text), { headers });
  headers.set('content-encoding', 'gzip');
  const zip = createGzip({ level: 1 });
  text.on('error', (error) => zip.destroy(error));
  return new Response(webStream(text.pipe(zip)), { headers });
}

const takesGzip = (request: Request): boolean => /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');

/** Node's own stream type and the global one are the same class under two names. */
const webStream = (stream: Readable): ReadableStream<Uint8Array> =>
  Readable.toWeb(stream) as ReadableStream<Uint8Array>;
