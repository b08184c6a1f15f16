import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { z } from 'zod';

/** One request to the screen's server. Plain `node:http`: Hono's Request and Response would bring Node's whole fetch, 12 MB that nothing else here uses. */
export interface ScreenCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly query: URLSearchParams;
}

export type ScreenAnswer = (call: ScreenCall) => void | Promise<void>;

/** By method and path, as `GET /events`. */
export type ScreenRoutes = Readonly<Record<string, ScreenAnswer>>;

/** Undefined for a target that is none. */
export function callOf(request: IncomingMessage, response: ServerResponse): ScreenCall | undefined {
  const url = URL.parse(request.url ?? '', 'http://screen');
  return url ? { request, response, path: url.pathname, query: url.searchParams } : undefined;
}

export function sendText(response: ServerResponse, status: number, text: string, headers?: OutgoingHttpHeaders): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
  response.end(text);
}

export const sendHtml = (response: ServerResponse, status: number, html: string, headers?: OutgoingHttpHeaders): void =>
  sendText(response, status, html, { 'Content-Type': 'text/html; charset=utf-8', ...headers });

export const sendJson = (
  response: ServerResponse,
  status: number,
  value: unknown,
  headers?: OutgoingHttpHeaders,
): void => sendText(response, status, JSON.stringify(value), { 'Content-Type': 'application/json', ...headers });

/** A refusal: a stable code and a sentence. */
export const sendProblem = (response: ServerResponse, status: number, { code, title }: Problem): void =>
  sendJson(response, status, { code, title });

export const sendNothing = (response: ServerResponse): void => void response.writeHead(204).end();

/** So much of what is too long is still read, so that its sender hears why. */
const overlongTimesMax = 8;

/** The body, or undefined when it is longer than `bytesMax`. Rejects when its sender goes away before its end. */
export async function bodyOf(request: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes <= bytesMax) parts.push(part);
    if (bytes > bytesMax * overlongTimesMax) break;
  }
  return bytes > bytesMax ? undefined : Buffer.concat(parts);
}

export interface Problem {
  readonly code: string;
  readonly title: string;
}

/** A route for a JSON body of the schema; anything else is answered here, with 413 or 400. */
export function forJson<T>(
  accepts: {
    readonly schema: z.ZodType<T>;
    readonly bytesMax: number;
    readonly tooLong: Problem;
    readonly malformed: Problem;
  },
  take: (value: T, call: ScreenCall) => void | Promise<void>,
): ScreenAnswer {
  return async (call) => {
    const body = await bodyOf(call.request, accepts.bytesMax);
    if (!body) return sendProblem(call.response, 413, accepts.tooLong);
    const parsed = accepts.schema.safeParse(parsedJson(body.toString()));
    if (!parsed.success) return sendProblem(call.response, 400, accepts.malformed);
    return take(parsed.data, call);
  };
}

/** Undefined for what is no JSON. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
