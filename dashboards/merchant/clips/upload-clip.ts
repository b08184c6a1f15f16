import { ApiError, requestOf, type Clip, type Problem } from '@gatecast/cloud-api/client';

/** The cloud's own limit on an upload. */
export const uploadBytesMax = 200 * 1024 * 1024;

interface Upload {
  readonly file: File;
  readonly title: string;
  readonly token: string | undefined;
  readonly idempotencyKey: string;
  /** Share of the file that has been sent, 0 to 1. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Sends a video file. XMLHttpRequest, because fetch cannot tell how far an upload is. Rejects with ApiError: `offline` where there was
 * no answer, `cancelled` where `signal` ended it.
 */
export function uploadClip({ file, title, token, idempotencyKey, onProgress, signal }: Upload): Promise<Clip> {
  const { url, init } = requestOf('', 'POST /v1/clips', { query: { title }, body: file, idempotencyKey }, token);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = (code: string, status = 0): void =>
      reject(new ApiError({ type: 'about:blank', title: code, status, code }));
    request.open(init.method ?? 'POST', url);
    for (const [name, value] of Object.entries(init.headers as Record<string, string>))
      request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0));
    request.addEventListener('error', () => fail('offline'));
    request.addEventListener('abort', () => fail('cancelled'));
    request.addEventListener('load', () => {
      const answer = parsed(request.responseText);
      if (request.status < 300 && answer !== null) return resolve(answer as Clip);
      if (answer !== null && 'code' in answer) return reject(new ApiError(answer as Problem));
      fail('unreadable-answer', request.status);
    });
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

/** The answer's object, or null for anything else, as a proxy in between may send. */
function parsed(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
