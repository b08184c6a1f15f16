import { createHash } from 'node:crypto';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { AwsClient } from 'aws4fetch';
import { notFound, refusal } from './errors.ts';

export interface S3Settings {
  /** Address of the bucket itself, without a trailing slash: `https://name.oss-cn-shanghai.aliyuncs.com` or `http://minio:9000/name`. */
  readonly url: string;
  readonly region: string;
  readonly keyId: string;
  readonly secret: string;
}

/** The five verbs that we need of a bucket. All reject with `storage-unavailable` where it does not answer as it should. */
export interface Bucket {
  /** The store refuses what does not have this hash, so that a broken line leaves nothing. */
  put(key: string, body: Blob, sha256: string): Promise<void>;
  size(key: string): Promise<number | undefined>;
  /** Rejects with `not-found`. `to` is the last byte. */
  get(key: string, range?: { readonly from: number; readonly to: number }): Promise<WebStream<Uint8Array>>;
  remove(key: string): Promise<void>;
  /** Keys that begin so; at most a thousand. */
  list(prefix: string): Promise<readonly string[]>;
}

const answerMsMax = 30_000;
const transferMsMax = 10 * 60_000;
const emptySha256 = createHash('sha256').digest('hex');

interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Blob;
  readonly msMax?: number;
}

export function createBucket({ url, region, keyId, secret }: S3Settings): Bucket {
  const signer = new AwsClient({ accessKeyId: keyId, secretAccessKey: secret, service: 's3', region, retries: 3 });
  const ask = async (method: string, target: string, init: Asked = {}) => {
    const { msMax = answerMsMax, body } = init;
    const headers = { 'x-amz-content-sha256': emptySha256, ...init.headers };
    const request = { method, headers, signal: AbortSignal.timeout(msMax), ...(body ? { body } : {}) };
    const answer = await signer
      .fetch(`${url}${target}`, request)
      .catch((cause: unknown) => unavailable(method, undefined, cause));
    if (!answer.ok && answer.status !== 404) {
      // Read to its end so that the connection can be used again; S3's words may hold the signed request, so they are not passed on.
      await answer.arrayBuffer();
      unavailable(method, answer.status);
    }
    return answer;
  };
  return {
    async put(key, body, sha256) {
      const headers = { 'x-amz-content-sha256': sha256, 'content-type': 'application/octet-stream' };
      const answer = await ask('PUT', `/${key}`, { body, headers, msMax: transferMsMax });
      await answer.arrayBuffer();
      if (answer.status === 404) unavailable('PUT', 404);
    },
    async size(key) {
      const answer = await ask('HEAD', `/${key}`);
      return answer.status === 404 ? undefined : Number(answer.headers.get('content-length'));
    },
    async get(key, range) {
      const headers = range ? { range: `bytes=${range.from}-${range.to}` } : {};
      const answer = await ask('GET', `/${key}`, { headers, msMax: transferMsMax });
      if (answer.status === 404 || !answer.body) {
        await answer.arrayBuffer();
        throw notFound('file');
      }
      return answer.body as WebStream<Uint8Array>;
    },
    remove: async (key) => void (await (await ask('DELETE', `/${key}`)).arrayBuffer()),
    async list(prefix) {
      const query = new URLSearchParams({ 'list-type': '2', prefix });
      const answer = await ask('GET', `/?${query.toString()}`);
      const text = await answer.text();
      // Our keys are letters, digits and `/._-`, which XML writes as they are.
      return [...text.matchAll(/<Key>([\w./-]+)<\/Key>/g)].map(([, key = '']) => key);
    },
  };
}

function unavailable(method: string, status: number | undefined, cause?: unknown): never {
  const failure = refusal('storage-unavailable', 'the media store does not answer', { method, storeStatus: status });
  failure.cause = cause;
  throw failure;
}
