import { DomainError } from '@gatecast/firmware-protocol';
import type { z } from 'zod';

const maxBodyBytes = 2_097_152;

/**
 * GETs a JSON document of a known shape. Rejects with DomainError `cloud-unreachable`, `cloud-refused`, `body-too-large` or
 * `unexpected-body`.
 */
export async function fetchJson<T>(url: string, shape: z.ZodType<T>, signal: AbortSignal): Promise<T> {
  const response = await fetch(url, { signal, redirect: 'error' }).catch((cause: unknown) => {
    throw new DomainError('cloud-unreachable', `no answer from ${url}`, {}, { cause });
  });
  const text = await boundedText(response);
  if (!response.ok) throw new DomainError('cloud-refused', `${url} answered ${response.status}`);
  return parseJson(text, shape);
}

/** Throws DomainError `unexpected-body` if `text` is no JSON of that shape. */
export function parseJson<T>(text: string, shape: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DomainError('unexpected-body', 'not JSON', {}, { cause });
  }
  const parsed = shape.safeParse(value);
  if (!parsed.success) throw new DomainError('unexpected-body', 'JSON of another shape', {}, { cause: parsed.error });
  return parsed.data;
}

async function boundedText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > maxBodyBytes) throw new DomainError('body-too-large', `more than ${maxBodyBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
