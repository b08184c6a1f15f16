import { ApiError, type Problem } from '@gatecast/cloud-api/client';
import type { DetailedError, Upload } from 'tus-js-client';
import { newIdempotencyKey } from '../api/idempotency-key.ts';
import { nameOf } from './chosen-file.ts';

/** What goes with a file. */
export interface AboutFile {
  readonly title: string;
  readonly category?: string | undefined;
  readonly house?: string | undefined;
}

export interface TransferOptions {
  readonly file: File;
  readonly about: AboutFile;
  /** The unfinished upload that this goes on with. */
  readonly uploadId: string | undefined;
  readonly token: () => string | undefined;
  onProgress(sentBytes: number): void;
  /** All bytes are there. */
  onDone(uploadId: string): void;
  /** It stopped; `start` goes on. */
  onStopped(error: ApiError): void;
}

const path = '/v1/clip-uploads';
/** Small enough for what proxies let through, and to lose little of where they gather a request before they pass it on. */
const chunkBytes = 8 * 1024 * 1024;
/** A lift, a tunnel, a change of networks; after that somebody has to look. */
const retryDelays = [0, 1_000, 2_000, 5_000, 5_000, 10_000, 10_000, 20_000, 30_000];

/** A file on its way by the tus protocol. The client for it loads when it is first needed. */
export async function prepareTransfer(options: TransferOptions): Promise<Upload> {
  const { Upload } = await import('tus-js-client');
  const { file, about, uploadId, token } = options;
  const upload = new Upload(file, {
    endpoint: path,
    ...(uploadId === undefined ? {} : { uploadUrl: `${path}/${uploadId}` }),
    chunkSize: chunkBytes,
    retryDelays,
    // What is unfinished, the cloud knows: nothing is kept in the browser.
    storeFingerprintForResuming: false,
    headers: { 'idempotency-key': newIdempotencyKey() },
    metadata: metadataOf(file, about),
    onBeforeRequest: (request) => request.setHeader('authorization', `Bearer ${token() ?? ''}`),
    onShouldRetry: (error) => isPassing(problemOf(error)),
    onProgress: (sent) => options.onProgress(sent),
    onSuccess: () => options.onDone(idOf(upload.url)),
    onError: (error) => options.onStopped(new ApiError(problemOf(error))),
  });
  return upload;
}

function metadataOf(file: File, { title, category, house }: AboutFile): Record<string, string> {
  return {
    title,
    filename: nameOf(file),
    modified: String(file.lastModified),
    ...(category ? { category } : {}),
    ...(house ? { house } : {}),
  };
}

export const idOf = (url: string | null): string => url?.split('/').at(-1) ?? '';

/** No answer, a cloud that could not, another place, or lines that it has not yet given up: all of these go on by themselves. */
export const isPassing = ({ status }: Pick<Problem, 'status'>): boolean =>
  status === 0 || status === 409 || status === 423 || status >= 500;

/** The cloud's own words about why it refused a request, or `offline` where there was no answer. */
export function problemOf(error: Error | DetailedError): Problem {
  const answer = 'originalResponse' in error ? error.originalResponse : null;
  const status = answer?.getStatus() ?? 0;
  if (!answer || status === 0) return { type: 'about:blank', title: 'no answer', status: 0, code: 'offline' };
  try {
    const body: unknown = JSON.parse(answer.getBody());
    // The shape is the cloud's; what a proxy in between may have sent has no code.
    if (typeof body === 'object' && body !== null && 'code' in body) return body as Problem;
  } catch (unreadable) {
    if (!(unreadable instanceof SyntaxError)) throw unreadable;
  }
  return { type: 'about:blank', title: 'unreadable answer', status, code: 'unreadable-answer' };
}
