import { notFound, refusal } from './errors.ts';
import type { BlobStore } from './blob-store.ts';
import { byteRange } from './byte-range.ts';
import { precondition, rangeOf } from './preconditions.ts';

/**
 * Who may keep an answer: only who asked, for an hour; or every cache on the way, for a day. The bytes behind the address never change, but that they may be
 * shown ends: a cache that asks again is told with a few bytes that they still may, or that they are gone.
 */
export type CachedBy = 'asker' | 'everybody';

const cacheControl: Readonly<Record<CachedBy, string>> = {
  asker: 'private, max-age=3600, immutable',
  everybody: 'public, max-age=86400, immutable',
};

/**
 * A kept file or the part of it that was asked for, for GET and HEAD (RFC 9110). Its name is its hash, so it never changes, and the name is its entity tag.
 * Rejects with `not-found`, `precondition-failed` or `range-not-satisfiable`.
 */
export async function sendFile(
  blobs: Pick<BlobStore, 'size' | 'read'>,
  name: string,
  type: string,
  request: Request,
  cachedBy: CachedBy = 'asker',
): Promise<Response> {
  const size = await blobs.size(name);
  if (size === undefined) throw notFound('file');
  const etag = `"${name}"`;
  const validators = { etag, 'cache-control': cacheControl[cachedBy] };
  const condition = precondition(request, etag);
  if (condition === 'failed') throw refusal('precondition-failed', 'the file is not the one that was meant');
  if (condition === 'not-modified') return new Response(null, { status: 304, headers: validators });
  const range = byteRange(rangeOf(request, etag), size);
  if (range === 'unsatisfiable') throw refusal('range-not-satisfiable', 'the file ends before that', { size });
  const { from, to } = range === 'whole' ? { from: 0, to: size - 1 } : range;
  const part = range === 'whole' ? {} : { 'content-range': `bytes ${from}-${to}/${size}` };
  const headers = { ...validators, 'content-type': type, 'accept-ranges': 'bytes', ...part };
  // Without a body nothing is opened that nobody would read.
  const body = request.method === 'HEAD' ? null : await blobs.read(name, from, to);
  return new Response(body, {
    status: range === 'whole' ? 200 : 206,
    headers: { ...headers, 'content-length': String(to - from + 1) },
  });
}
