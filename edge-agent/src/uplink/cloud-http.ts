import { DomainError } from '@gatecast/firmware-protocol';
import { z } from 'zod';
import { httpRequest, type HttpAnswer } from './http-request.ts';

/** Longest wait for an answer of the cloud. */
const answerMsMax = 15_000;
/** A document with 50,000 credentials stays below it. */
const answerBytesMax = 32 * 1024 * 1024;

const problemBytesMax = 64 * 1024;

const problem = z.looseObject({ code: z.string().max(80), title: z.string().max(500).optional() });

export interface CloudRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  /** JSON text, or what `headers` name by its encoding or type. */
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** The body is a file, which may take as long as it likes once it has begun: whoever reads it watches it. */
  readonly isFile?: boolean;
}

/**
 * Asks the cloud. Rejects with DomainError: `cloud-unreachable` without an answer, otherwise the code of the problem that came back, with
 * its other members and `status` as details (`cloud-answer-invalid` for an answer that is no problem and no success).
 */
export async function askCloud(baseUrl: string, request: CloudRequest): Promise<HttpAnswer> {
  const { method, path, body, token, headers, signal, isFile = false } = request;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error('the cloud took too long')), answerMsMax).unref();
  const response = await httpRequest(`${baseUrl}${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body }),
    signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
  }).catch((cause: unknown) => {
    throw new DomainError('cloud-unreachable', 'the cloud does not answer', {}, { cause });
  });
  const isGood = response.status >= 200 && response.status < 300;
  if (isFile && isGood) clearTimeout(timer);
  if (isGood) return response;
  throw await refusalOf(response);
}

async function refusalOf(response: HttpAnswer): Promise<DomainError> {
  const { status } = response;
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const asked = Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {};
  // A refusal that cannot be read is known by its status all the same.
  const parsed = problem.safeParse(await problemIn(response).catch(() => undefined));
  if (!parsed.success)
    return new DomainError('cloud-answer-invalid', `the cloud answered ${status}`, { status, ...asked });
  const { code, title, ...details } = parsed.data;
  return new DomainError(code, title ?? `the cloud answered ${status}`, { ...details, ...asked, status });
}

const problemIn = async (response: HttpAnswer): Promise<unknown> =>
  JSON.parse(new TextDecoder().decode(await bytesOf(response, problemBytesMax)));

/** The body's bytes, refused with `cloud-answer-invalid` when there are too many or the line breaks. */
export async function bytesOf(response: HttpAnswer, bytesMax = answerBytesMax): Promise<ArrayBuffer> {
  const announced = Number(response.headers.get('content-length') ?? 0);
  if (announced > bytesMax) throw new DomainError('cloud-answer-invalid', 'the answer is too long');
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of response.body ?? []) {
      bytes += part.byteLength;
      if (bytes > bytesMax) throw new DomainError('cloud-answer-invalid', 'the answer is too long');
      parts.push(part);
    }
  } catch (cause) {
    if (cause instanceof DomainError) throw cause;
    throw new DomainError('cloud-unreachable', 'the answer broke off', {}, { cause });
  }
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all.buffer;
}

/** The body as a value of the schema; rejects with `cloud-answer-invalid`. */
export async function jsonOf<T>(response: HttpAnswer, schema: z.ZodType<T>): Promise<T> {
  const text = new TextDecoder().decode(await bytesOf(response));
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new DomainError('cloud-answer-invalid', 'the answer has not the form that was agreed', {}, { cause });
  }
}

/** The stable code of whatever went wrong, for logs and reports. */
export const codeOf = (error: unknown): string => (error instanceof DomainError ? error.code : 'internal');
