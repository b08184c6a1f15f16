import { notFound, refusal } from './errors.ts';
import type { BlobStore } from './blob-store.ts';
import { byteRange } from './byte-range.ts';

/** A kept file or the part of it that was asked for. Its name is its hash, so it never changes. */
export async function sendFile(blobs: BlobStore, name: string, type: string, request: Request): Promise<Response> {
  const size = await blobs.size(name);
  if (size === undefined) throw notFound('file');
  const headers = {
    'content-type': type,
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=3600, immutable',
    etag: `"${name}"`,
  };
  const range = byteRange(request.headers.get('range'), size);
  if (range === 'unsatisfiable') throw refusal('range-not-satisfiable', 'the file ends before that', { size });
  const { from, to } = range === 'whole' ? { from: 0, to: size - 1 } : range;
  const part = range === 'whole' ? {} : { 'content-range': `bytes ${from}-${to}/${size}` };
  return new Response(await blobs.read(name, from, to), {
    status: range === 'whole' ? 200 : 206,
    headers: { ...headers, ...part, 'content-length': String(to - from + 1) },
  });
}
