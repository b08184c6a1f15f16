import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';

/**
 * As much of `Response` as is needed. A terminal asks by `node:http` itself: `fetch` would bring 12 MB that nothing else here uses, on machines
 * that have one gigabyte.
 */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** Breaks off with an error when the line does, or when the signal is raised. */
  readonly body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null;
}

export interface HttpRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal: AbortSignal;
}

/** Asks once and resolves with the head of the answer, whatever its status; redirects are not followed. Rejects without an answer. */
export async function httpRequest(url: string, { method, headers, body, signal }: HttpRequest): Promise<HttpAnswer> {
  // TLS is loaded by whoever speaks it.
  const { request } = url.startsWith('https:') ? await import('node:https') : await import('node:http');
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { method, headers: { 'accept-encoding': 'gzip', ...length, ...headers }, signal })
      .on('response', resolve)
      .on('error', reject)
      .end(body);
  });
  return answerOf(response);
}

function answerOf(response: IncomingMessage): HttpAnswer {
  const { statusCode = 0, headers } = response;
  const isGzip = headers['content-encoding'] === 'gzip';
  // Without a listener, an error after the last byte was read, or of a body that nobody reads, would end the program.
  response.on('error', () => {});
  return {
    status: statusCode,
    headers: {
      get(name) {
        const value = headers[name.toLowerCase()];
        return Array.isArray(value) ? value.join(', ') : (value ?? null);
      },
    },
    body: {
      [Symbol.asyncIterator]: () => (isGzip ? unzipped(response) : response)[Symbol.asyncIterator](),
      async cancel() {
        // A connection with nothing left on it is used again.
        if (statusCode === 204 || headers['content-length'] === '0') response.resume();
        else response.destroy();
      },
    },
  };
}

function unzipped(response: IncomingMessage): AsyncIterable<Uint8Array> {
  const text = createGunzip();
  response.once('error', (error) => text.destroy(error));
  text.once('close', () => response.destroy());
  return response.pipe(text);
}
