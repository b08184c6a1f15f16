import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { OutgoingHttpHeaders } from 'node:http';
import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import parseRange from 'range-parser';
import { sendProblem, type ScreenCall } from './screen-http.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.mp4': 'video/mp4',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

const nothingHere = { code: 'not-found', title: 'there is nothing here' };

/**
 * Answers with the file, or with the one range of it that is asked for (RFC 9110, section 14), as players do; 404 without the file, 416 for a range
 * beyond it. The path is ours: nothing of the request is in it unchecked.
 */
export async function sendFile(
  { request, response }: ScreenCall,
  path: string,
  headers: OutgoingHttpHeaders = {},
): Promise<void> {
  const facts = await factsOf(path);
  if (!facts) return sendProblem(response, 404, nothingHere);
  const { size } = facts;
  const part = partOf(request.headers.range, size);
  if (part === 'beyond') {
    response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
    return;
  }
  const { start, end } = part ?? { start: 0, end: size - 1 };
  response.writeHead(part ? 206 : 200, {
    'Content-Type': contentTypes[extname(path)] ?? 'application/octet-stream',
    'Content-Length': end - start + 1,
    'Accept-Ranges': 'bytes',
    ...(part && { 'Content-Range': `bytes ${start}-${end}/${size}` }),
    ...headers,
  });
  if (size === 0 || request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(path, { start, end }), response);
}

/** Undefined for what is no file. */
async function factsOf(path: string): Promise<Stats | undefined> {
  try {
    const facts = await stat(path);
    return facts.isFile() ? facts : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}

/** Undefined for the whole file: also when several ranges or another unit are asked for, which a server may ignore. */
function partOf(range: string | undefined, size: number): { start: number; end: number } | 'beyond' | undefined {
  if (range === undefined) return undefined;
  const ranges = parseRange(size, range);
  if (ranges === -1) return 'beyond';
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return undefined;
  return ranges[0];
}
